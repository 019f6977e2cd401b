"""python3 held_out.py OUT: sentences that no network has heard, as WAV files with what is said in them."""
import json, os, random, sys, wave
from make_data import VOICES, held_out, read_aloud

out = sys.argv[1]
os.makedirs(out, exist_ok=True)
r, rows = random.Random(2000), []
for i, text in enumerate(held_out()):
    file, voice = f"{i:03}.wav", VOICES[i % len(VOICES)]
    samples = read_aloud(text, voice, r, f"{out}/{file}")
    with wave.open(f"{out}/{file}", "wb") as f:
        f.setnchannels(1); f.setsampwidth(2); f.setframerate(16000)
        f.writeframes(samples.tobytes())
    rows.append(dict(file=file, voice=voice, text=text))
with open(f"{out}/said.json", "w") as f: json.dump(rows, f, indent=0)
print(len(rows), "recordings")
