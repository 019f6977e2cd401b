"""python3 train.py FOLDER OUT.pt [--minutes 25] [--batch 16] [--device cpu]: learns from the parts that make_data.py made, or is just making.

Seeds are fixed, but training stops by the clock, so weights differ between machines.
"""
import argparse, glob, os, queue, random, threading, time
BEGAN = time.time()
os.environ.setdefault("OMP_NUM_THREADS", "1"); os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np, torch, torch.nn.functional as F
from listening import FRAMES, MELS, features
from network import END, ENGLISH, NOTHING, PHONES, START, STEP, TEXT, TRANSCRIBE, WORDS, Network, time_of
from phones import phones_of_words

IDS = {word: i for i, word in enumerate(WORDS)}


class Recordings:
    """All parts so far as one table of frames; its first frame is silence."""
    def __init__(self, folder, device):
        self.folder, self.device, self.read = folder, device, set()
        self.frames, self.length, self.spoken = torch.zeros(1, MELS, device=device), 1, []  # spoken: text, first frame, frames

    def look(self):
        """Reads one part that is new; False where there is none."""
        new = sorted(set(glob.glob(f"{self.folder}/part*.pt")) - self.read)
        if not new: return False
        part = [(text, power) for text, power in torch.load(new[0]) if len(power) <= FRAMES - 30]
        frames = torch.cat([power for _, power in part])
        if self.length + len(frames) > len(self.frames): self.frames = torch.cat([self.frames, torch.zeros(max(len(self.frames), len(frames)), MELS, device=self.device)])
        self.frames[self.length : self.length + len(frames)] = frames.to(self.device)
        spoken = list(self.spoken)
        for text, power in part:
            spoken.append((text, self.length, len(power)))
            self.length += len(power)
        self.spoken = spoken
        self.read.add(new[0])
        return True


def window(spoken, said, r, most):
    """Some sentences one after another with pauses: the frames of the table, their loudness, tokens to write, phones, and about where each phone is."""
    index, gain, places = np.zeros(FRAMES, np.int64), np.zeros(FRAMES, np.float32), np.full(FRAMES, PHONES, np.int64)
    if r.random() < 0.03: return index, gain, [START, NOTHING, TRANSCRIBE, END], [], places
    tokens, phones, at = [START, ENGLISH, TRANSCRIBE], [], 0
    for place in range(most):
        text, first, length = r.choice(spoken)
        gap = r.randint(0, 24) if place == 0 else r.randint(6, 40)
        pace = r.uniform(0.88, 1.12) if r.random() < 0.5 else 1
        long = min(round(length / pace), FRAMES - 25)
        if place > 0 and at + gap + long > FRAMES: break
        at += gap
        moments = np.arange(long)
        index[at : at + long] = first + np.minimum((moments * (length / long)).astype(np.int64), length - 1)
        gain[at : at + long] = 10 ** r.uniform(-1, 0.6)
        here = [phone for word in text.split() for phone in said[word]]
        places[at : at + long] = np.array(here)[moments * len(here) // long]
        tokens += [time_of(at * STEP / 2), *(IDS[word] for word in text.split()), time_of((at + long) * STEP / 2)]
        phones += here
        at += long
    return index, gain, tokens + [END], phones, places


def batch(spoken, said, r, n, most):
    made = [window(spoken, said, r, r.choice(most)) for _ in range(n)]
    longest, rich = max(len(w[2]) for w in made), max(1, max(len(w[3]) for w in made))
    ids = torch.tensor([t + [END] * (longest - len(t)) for _, _, t, *_ in made])
    wanted = ids[:, 1:].clone()
    for row, (_, _, t, *_) in zip(wanted, made):
        row[1] = -100  # the task is given
        row[len(t) - 1 :] = -100
    index, gain, places = (torch.from_numpy(np.stack([w[i] for w in made])) for i in (0, 1, 4))
    phones = torch.tensor([w[3] + [0] * (rich - len(w[3])) for w in made])
    return index, gain, ids[:, :-1], wanted, phones, places, torch.tensor([len(w[3]) for w in made])


def sound(frames, index, gain):
    """What the network reads of a batch: never the same sound twice."""
    n, device = len(index), frames.device
    some = lambda low, high: torch.rand(n, 1, 1, device=device) * (high - low) + low
    often = lambda share: torch.rand(n, 1, 1, device=device) < share
    power = frames[index] * gain[..., None]
    # A longer or shorter throat, another microphone, a faint noise.
    at = (torch.arange(MELS, device=device) * torch.where(often(0.5), some(0.94, 1.06), 1.0)).clamp(max=MELS - 1).expand(n, 1, MELS)
    low = at.long()
    high, share = (low + 1).clamp(max=MELS - 1), at - low
    spread = lambda x: x.expand(-1, power.shape[1], -1)
    power = power.gather(2, spread(low)) * (1 - share) + power.gather(2, spread(high)) * share
    power = power * 10 ** (some(-0.6, 0.6) * torch.linspace(-1, 1, MELS, device=device))
    level = torch.where(often(0.7), 10 ** some(-8, -3), 0.0) * power.amax((1, 2), keepdim=True).clamp(min=1e-4)
    power = power + level * torch.rand(n, 1, MELS, device=device) * 2 * -torch.log(torch.rand_like(power).clamp(min=1e-6))
    x = features(power)
    for length, axis, most in ((MELS, 1, 10), (MELS, 1, 10), (x.shape[2], 2, 6), (x.shape[2], 2, 6)):  # what is missing must be guessed
        first, size = some(0, length), some(0, most)
        there = torch.arange(length, device=device).view(1, -1, 1) - first
        hidden = ((there >= 0) & (there < size)).transpose(1, axis)
        x = torch.where(hidden, x.mean((1, 2), keepdim=True), x)
    return x


def save(net, out):
    torch.save({name: value.cpu() for name, value in net.state_dict().items()}, out + ".tmp")
    os.replace(out + ".tmp", out)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("folder"); p.add_argument("out")
    p.add_argument("--minutes", type=float, default=25); p.add_argument("--batch", type=int, default=16); p.add_argument("--peak", type=float, default=1.5e-3); p.add_argument("--device", default="cpu")
    a = p.parse_args()
    torch.set_num_threads(1); torch.manual_seed(1)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    done = lambda: (time.time() - BEGAN) / (60 * a.minutes)
    said = phones_of_words()
    names = sorted({phone for phones in said.values() for phone in phones})
    assert len(names) <= PHONES, len(names)
    said = {word: [names.index(phone) for phone in phones] for word, phones in said.items()}
    net = Network().to(a.device).train()
    print(sum(x.numel() for x in net.parameters()), "parameters", flush=True)
    recordings = Recordings(a.folder, a.device)
    while not recordings.look(): time.sleep(0.2)
    ready, r = queue.Queue(4), random.Random(1)

    def prepare():
        while True: ready.put(batch(recordings.spoken, said, r, a.batch, [1] if done() < 0.4 else [1, 1, 2, 3]))

    threading.Thread(target=prepare, daemon=True).start()
    optimizer = torch.optim.AdamW(net.parameters(), lr=a.peak, betas=(0.9, 0.98), weight_decay=0.02)
    step, shown, kept = 0, [], BEGAN
    while (share := done()) < 1:
        if step % 10 == 0: recordings.look()
        for group in optimizer.param_groups: group["lr"] = a.peak * min(1, (step + 1) / 200) * min(1, (1 - share) / 0.6 + 1e-3)
        *tensors, lengths = ready.get()
        index, gain, ids, wanted, phones, places = (x.to(a.device, non_blocking=True) for x in tensors)
        with torch.no_grad():
            x = sound(recordings.frames, index, gain)
            if share < 0.7 and a.device == "cpu": x = x[:, :, : (int((index > 0).any(0).nonzero().max().item() if index.any() else 20) + 2) // 2 * 2]
            wrong = (torch.rand(ids.shape, device=ids.device) < 0.05) & (ids < TEXT)  # so that what is heard counts more than what was written
            ids = torch.where(wrong, torch.randint_like(ids, TEXT), ids)
        states = net.read(x)
        written = F.cross_entropy(net.write(ids, states).flatten(0, 1), wanted.flatten(), ignore_index=-100, label_smoothing=0.05)
        straight = net.heard(states).view(a.batch, -1, PHONES + 1).log_softmax(-1).transpose(0, 1)
        heard = F.ctc_loss(straight, phones, torch.full((a.batch,), straight.shape[0]), lengths, blank=PHONES, zero_infinity=True)
        # Phones are first looked for where they would be if all were of one length: without that, finding any takes thousands of steps.
        flat = max(0.0, 1 - step / 200)
        loss = written + 0.5 * (1 - flat) * heard
        if flat: loss = loss + flat * F.cross_entropy(straight.permute(1, 2, 0), places[:, : straight.shape[0]])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        step += 1
        shown.append(torch.stack([written.detach(), heard.detach()]))
        if step % 100 == 0:
            print(step, *("%.3f" % x for x in torch.stack(shown).mean(0).tolist()), "%.0f s, %d parts, %d ready" % (time.time() - BEGAN, len(recordings.read), ready.qsize()), flush=True)
            shown = []
        if time.time() - kept > 30:
            save(net, a.out)
            kept = time.time()
    save(net, a.out)
    print(step, "steps in %.0f s" % (time.time() - BEGAN), flush=True)
    os._exit(0)  # the thread that prepares knows no end


if __name__ == "__main__": main()
