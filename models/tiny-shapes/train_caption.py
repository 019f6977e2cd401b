#!/usr/bin/python3
"""Trains the captioner on one CPU thread. usage: train_caption.py CAPTION.pt [--minutes 12]"""
import argparse, os, time
os.environ.setdefault("OMP_NUM_THREADS", "1"); os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np, torch, torch.nn.functional as F
from make_data import captioned
from models import Eyes, Mouth
from words import CaptionTokenizer


def batch(rng, tok, n):
    drawn = [captioned(rng) for _ in range(n)]
    x = torch.from_numpy(np.stack([d[0] for d in drawn])).permute(0, 3, 1, 2).float() / 127.5 - 1
    ids = [tok.encode(d[1]) for d in drawn]
    length = max(map(len, ids)) + 1
    given = torch.tensor([[tok.mark, *i, *[tok.mark] * (length - 1 - len(i))] for i in ids])
    wanted = torch.tensor([[*i, tok.mark, *[-100] * (length - 1 - len(i))] for i in ids])
    return x, given, wanted, [d[1] for d in drawn]


def write(eyes, mouth, tok, x):
    """The likeliest token each time, with what was kept of those before."""
    states, past = eyes(x), mouth.nothing_past(len(x))
    ids, out = torch.full((len(x), 1), tok.mark), []
    for _ in range(20):
        logits, *past = mouth(ids, states, *past)
        ids = logits[:, -1:].argmax(-1)
        out.append(ids)
    texts = []
    for row in torch.cat(out, 1).tolist(): texts.append(tok.decode(row[: row.index(tok.mark)] if tok.mark in row else row))
    return texts


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("out"); p.add_argument("--minutes", type=float, default=12, help="of the processor's time"); p.add_argument("--seed", type=int, default=5)
    a = p.parse_args()
    torch.set_num_threads(1); torch.manual_seed(a.seed); rng = np.random.default_rng(a.seed)
    tok = CaptionTokenizer(); eyes, mouth = Eyes(), Mouth(len(tok.vocab))
    params = [*eyes.parameters(), *mouth.parameters()]
    opt = torch.optim.AdamW(params, weight_decay=0.01)
    start, step, seen = time.process_time(), 0, 0.0
    while (done := (time.process_time() - start) / (60 * a.minutes)) < 1:
        for g in opt.param_groups: g["lr"] = 2e-3 * min(1, (step + 1) / 100) * max(0.02, 1 - done)
        x, given, wanted, _ = batch(rng, tok, 48)
        logits, *_ = mouth(given, eyes(x), *mouth.nothing_past(len(x)))
        loss = F.cross_entropy(logits.flatten(0, 1), wanted.flatten(), ignore_index=-100)
        opt.zero_grad(); loss.backward()
        torch.nn.utils.clip_grad_norm_(params, 1.0); opt.step()
        seen = loss.item() if step == 0 else 0.98 * seen + 0.02 * loss.item()
        if step % 100 == 0: print(f"step {step} loss {seen:.4f} {time.process_time() - start:.0f} s", flush=True)
        step += 1
    eyes.eval(); mouth.eval()
    with torch.no_grad():
        x, _, _, texts = batch(np.random.default_rng(a.seed + 1000), tok, 200)
        said = write(eyes, mouth, tok, x)
    print(f"{step} steps; {sum(s == t for s, t in zip(said, texts))} of 200 new drawings are told word for word")
    for s, t in list(zip(said, texts))[:6]: print(f"  {t} -> {s}")
    torch.save({"eyes": eyes.state_dict(), "mouth": mouth.state_dict(), "steps": step}, a.out)


if __name__ == "__main__": main()
