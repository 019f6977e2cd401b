"""python3 make_data.py FOLDER [--parts 24] [--processes 1]: sentences read by flite's four voices of 16 kHz, as powers of a spectrogram, in parts of 200."""
import argparse, os, random, subprocess, wave
os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy, torch
from concurrent.futures import ProcessPoolExecutor
from listening import power
from words import PHRASES, sentence

VOICES = ["slt", "rms", "kal16", "awb"]
PART = 200


def held_out():
    """Sentences that training never hears: what is said every day is not among them."""
    r, texts = random.Random(1000), []
    while len(texts) < 2 * PART:
        text = sentence(r)
        if len(text.split()) > 2 and text not in texts + PHRASES: texts.append(text)
    return texts


def sentences(parts):
    r, never = random.Random(1), set(held_out())
    texts = [text for text in (sentence(r) for _ in range(2 * parts * PART)) if text not in never]
    return [texts[part * PART : (part + 1) * PART] for part in range(parts)]


def read_aloud(text, voice, r, file):
    """16-bit samples at 16 kHz, with a twentieth of a second around what is said."""
    stretch = r.uniform(0.85, 1.2)
    subprocess.run(["flite", "-voice", voice, "--setf", f"duration_stretch={stretch:.3f}", "-t", text, "-o", file], check=True, stdout=subprocess.DEVNULL)
    with wave.open(file) as f: samples = numpy.frombuffer(f.readframes(f.getnframes()), numpy.int16)
    loud = numpy.nonzero(abs(samples.astype(numpy.int32)) > 400)[0]
    return samples[max(0, loud[0] - 800) : loud[-1] + 800]


def make(job):
    folder, part, texts = job
    torch.set_num_threads(1)
    r, made = random.Random(part), []
    for i, text in enumerate(texts):
        samples = read_aloud(text, VOICES[(i + part) % len(VOICES)], r, f"{folder}/{os.getpid()}.wav")
        made.append((text, power(torch.from_numpy(samples.astype(numpy.float32) / 32768))))
    torch.save(made, f"{folder}/part{part:03}.tmp")
    os.rename(f"{folder}/part{part:03}.tmp", f"{folder}/part{part:03}.pt")
    return part


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("folder"); p.add_argument("--parts", type=int, default=24); p.add_argument("--processes", type=int, default=1)
    a = p.parse_args()
    os.makedirs(a.folder, exist_ok=True)
    with ProcessPoolExecutor(a.processes) as pool:
        for part in pool.map(make, [(a.folder, part, texts) for part, texts in enumerate(sentences(a.parts))]): print(part, flush=True)


if __name__ == "__main__": main()
