#!/usr/bin/python3
"""Trains an encoder-decoder with Debian's python3-torch: on one CPU thread, or on a GPU.

usage: training.py translate|summary DATADIR OUT.pt [--minutes M] [--steps N] [--device cuda --batch 24576] ...

Every train.jsonl under DATADIR comes from make_data.py or make_news.py. OUT.pt holds weights, tokens and shape; it is written anew every half minute.
The rate of learning falls with the share of the minutes (from the start of the program, on a CPU those of the process whatever else the machine
does) or of the steps that is done.
"""
import argparse, glob, itertools, json, multiprocessing, os, queue, threading, time
os.environ.setdefault("OMP_NUM_THREADS", "1"); os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np, torch
from network import EOS, PAD, Model, Tokenizer
from muon import Muon  # beside ../tiny-chat/common.py, where network looks too
from phrase_book import LANGUAGES


# ---------------------------------------------------------------- data

class Texts:
    """Many texts as one row of token ids and where each of them begins."""

    def __init__(self, ids, lengths):
        self.ids, self.lengths = np.concatenate(ids), np.concatenate(lengths).astype(np.int64)
        self.begins = np.cumsum(self.lengths) - self.lengths

    def rows(self, first, texts):
        """Rows of the ids in `first` (n, k), a text and its end, with padding."""
        n, k = first.shape
        lengths = self.lengths[texts]
        out = np.full((n, k + lengths.max() + 1), PAD, np.int64)
        out[:, :k] = first
        column = np.arange(lengths.max())
        inside = column < lengths[:, None]
        out[:, k:-1][inside] = self.ids[(self.begins[texts][:, None] + column)[inside]]
        out[np.arange(n), k + lengths] = EOS
        return out


def read_part(task):
    """Ids and lengths of all texts of a file, and how many there are of each meaning in each language."""
    kind, tokens, path = task
    tok, ids, lengths, counts = Tokenizer(tokens), [], [], []
    for line in open(path):
        made = json.loads(line)
        for ways in [made[lang] for lang in LANGUAGES] if kind == "translate" else [[made["text"]], [made["summary"]]]:
            counts.append(len(ways))
            for way in ways:
                encoded = tok.encode(way)
                ids.append(np.array(encoded, np.int16)); lengths.append(len(encoded))
    return np.concatenate(ids), np.array(lengths, np.int32), np.array(counts, np.int32)


class Data:
    def __init__(self, kind, paths, tok, rng, jobs):
        tasks = [(kind, tok.tokens, path) for path in paths]
        if jobs > 1:
            with multiprocessing.Pool(jobs) as pool: parts = pool.map(read_part, tasks, 1)
        else: parts = [read_part(task) for task in tasks]
        self.rng, self.texts = rng, Texts([p[0] for p in parts], [p[1] for p in parts])
        counts = np.concatenate([p[2] for p in parts]).astype(np.int64)
        self.counts = counts.reshape(-1, len(LANGUAGES) if kind == "translate" else 2)
        self.first = (np.cumsum(counts) - counts).reshape(self.counts.shape)
        self.tags = np.array([tok.id[f"__{lang}__"] for lang in LANGUAGES]) if kind == "translate" else None

    def pairs(self):
        """For each meaning once, in no order: (tag, text) to read and (tag, text) to write. Of translations English is a side in most."""
        order = self.rng.permutation(len(self.counts))
        n = len(order)
        if self.tags is None: return np.zeros(n, np.int64), self.first[order, 0], np.zeros(n, np.int64), self.first[order, 1]
        a = self.rng.integers(5, size=n)
        b = (a + self.rng.integers(1, 5, size=n)) % 5
        turn = (a != 0) & (b != 0) & (self.rng.random(n) < 0.45)
        side = self.rng.random(n) < 0.5
        a[turn & side] = 0
        b[turn & ~side] = 0
        way = (self.rng.random(n) * self.counts[order, a]).astype(np.int64) * (self.rng.random(n) < 0.4)
        return self.tags[a], self.first[order, a] + way, self.tags[b], self.first[order, b]

    def batches(self, budget, size=1 << 16):
        """(source, target, where the loss counts) without end. Pairs of like length stand together, each batch is at most `budget` tokens with padding."""
        while True:
            everything = self.pairs()
            for start in range(0, len(everything[0]), size):
                tag, text, wanted_tag, wanted = (x[start:start + size] for x in everything)
                a, b = self.texts.lengths[text], self.texts.lengths[wanted]
                order = np.argsort(np.maximum(a, b) + self.rng.random(len(a)) * 3)
                lengths, groups, at = (a + b + 5)[order], [], 0
                while at < len(order):
                    n = max(1, budget // lengths[at:at + max(1, budget // lengths[at])].max())
                    groups.append(order[at:at + n]); at += n
                self.rng.shuffle(groups)
                for group in groups:
                    source = self.texts.rows(tag[group][:, None], text[group])
                    # The end begins what is written, and the language is given, as m2m100 has it.
                    target = self.texts.rows(np.stack([np.full(len(group), EOS), wanted_tag[group]], 1), wanted[group])
                    counted = target[:, 1:] != PAD
                    counted[:, 0] = False
                    yield tuple(torch.from_numpy(x) for x in (source, target, np.flatnonzero(counted)))


def ahead(batches, device):
    """On a GPU, what a thread has prepared."""
    if device == "cpu": yield from batches; return
    ready = queue.Queue(16)
    def fill():
        for batch in batches: ready.put([x.pin_memory() for x in batch])
    threading.Thread(target=fill, daemon=True).start()
    while True: yield [x.to(device, non_blocking=True) for x in ready.get()]


def texts_of(kind, path, most):
    for line in itertools.islice(open(path), most):
        made = json.loads(line)
        if kind == "summary": yield from (made["text"], made["summary"])
        else: yield from (way for lang in LANGUAGES for way in made[lang])


# ---------------------------------------------------------------- training

def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("kind", choices=("translate", "summary")); p.add_argument("data"); p.add_argument("out")
    p.add_argument("--minutes", type=float, default=28); p.add_argument("--steps", type=int); p.add_argument("--device", default="cpu"); p.add_argument("--jobs", type=int, default=1, help="processes that read the data")
    p.add_argument("--vocab", type=int, default=4096); p.add_argument("--width", type=int, default=256); p.add_argument("--ff", type=int, default=640)
    p.add_argument("--encoder", type=int, default=3); p.add_argument("--decoder", type=int, default=2); p.add_argument("--positions", type=int, default=512)
    p.add_argument("--batch", type=int, default=3072); p.add_argument("--rate", type=float, default=0.02); p.add_argument("--seed", type=int, default=1)
    a = p.parse_args()
    began = time.time()
    clock = time.process_time if a.device == "cpu" else lambda: time.time() - began
    if a.device != "cpu": torch.backends.cuda.enable_cudnn_sdp(False)  # the other kernels have been around for longer
    torch.set_num_threads(1); torch.manual_seed(a.seed); rng = np.random.default_rng(a.seed)
    paths = sorted(glob.glob(a.data + "/**/train.jsonl", recursive=True))
    tok = Tokenizer.train(texts_of(a.kind, paths[0], 20000 if a.kind == "translate" else 4000), a.vocab, LANGUAGES if a.kind == "translate" else ())
    data = Data(a.kind, paths, tok, rng, a.jobs)
    shape = {"vocab": len(tok.tokens), "d": a.width, "ff": a.ff, "heads": a.width // 32, "encoder": a.encoder, "decoder": a.decoder, "positions": a.positions}
    model = Model(shape).to(a.device)
    matrices = [q for part in (model.encoder, model.decoder) for q in part.parameters() if q.dim() == 2] + [model.copy_q, model.copy_k]
    others = [q for q in model.parameters() if not any(q is m for m in matrices)]
    muon, adam = Muon(matrices), torch.optim.AdamW(others, lr=1e-3, betas=(0.9, 0.98), weight_decay=0.0)
    start, step, seen, run, saved = clock(), 0, 0, torch.zeros((), device=a.device), time.time()
    print(f"{a.device}, torch {torch.__version__}, {sum(q.numel() for q in model.parameters())} parameters, {len(tok.tokens)} tokens, {len(data.counts)} meanings or articles, prepared in {start:.0f} s", flush=True)

    def save():
        torch.save({"model": {n: w.half().cpu() for n, w in model.state_dict().items()}, "shape": shape, "tokens": tok.tokens, "kind": a.kind}, a.out + ".tmp")
        os.replace(a.out + ".tmp", a.out)

    for source, target, where in ahead(data.batches(a.batch), a.device):
        done = step / a.steps if a.steps else (clock() - start) / (a.minutes * 60 - start)
        if done >= 1: break
        loss = model.loss(source, target, where)
        for q in model.parameters(): q.grad = None
        loss.backward()
        rate = min(1.0, (step + 1) / 50) * min(1.0, (1 - done) / 0.7 + 0.01)
        torch.nn.utils.clip_grad_norm_(others, 1.0)
        muon.step(a.rate * rate, 0.85 + 0.1 * min(1, step / 200))
        for g in adam.param_groups: g["lr"] = 4e-3 * rate
        adam.step()
        step += 1; seen += source.numel() + target.numel()
        run = loss.detach() if step == 1 else 0.97 * run + 0.03 * loss.detach()
        if step % 100 == 0: print(f"step {step} done {done:.3f} loss {run.item():.4f} {seen / (clock() - start):.0f} tokens/s {clock():.0f} s", flush=True)
        if time.time() - saved > 30: save(); saved = time.time()
    save()
    print(f"done: {step} steps, {seen} tokens with padding, {clock():.0f} s, loss {run.item():.4f}", flush=True)


if __name__ == "__main__": main()
