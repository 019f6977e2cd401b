#!/usr/bin/python3
"""Trains the captioner. usage: train_caption.py CAPTION.pt [--minutes 12] [--device cpu] [--processes 0]"""
import argparse, itertools, multiprocessing, os, time
BEGAN = time.time()
os.environ.setdefault("OMP_NUM_THREADS", "1"); os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np, torch, torch.nn.functional as F
from make_data import captioned
from models import Eyes, Mouth
from words import CaptionTokenizer

TOKENIZER = CaptionTokenizer()


def drawn(job):
    """[n,64,64,3] bytes, the tokens before, the tokens wanted, the captions."""
    seed, number, n = job
    rng, mark = np.random.default_rng([seed, number]), TOKENIZER.mark
    pictures, texts = zip(*(captioned(rng) for _ in range(n)))
    ids = [TOKENIZER.encode(text) for text in texts]
    length = max(map(len, ids)) + 1
    given = [[mark, *i, *[mark] * (length - 1 - len(i))] for i in ids]
    wanted = [[*i, mark, *[-100] * (length - 1 - len(i))] for i in ids]
    return np.stack(pictures), np.array(given), np.array(wanted), texts


def batches(seed, n, processes):
    """The same whether they are drawn here or in other processes."""
    jobs = ((seed, number, n) for number in itertools.count())
    if not processes: yield from map(drawn, jobs)
    pool = multiprocessing.get_context("fork").Pool(processes)
    ahead = [pool.apply_async(drawn, (next(jobs),)) for _ in range(4 * processes)]
    while True:
        yield ahead.pop(0).get()
        ahead.append(pool.apply_async(drawn, (next(jobs),)))


def tensors(pictures, given, wanted, device):
    x = torch.from_numpy(pictures).to(device).permute(0, 3, 1, 2).float() / 127.5 - 1
    return x, torch.from_numpy(given).to(device), torch.from_numpy(wanted).to(device)


def write(eyes, mouth, x):
    """The likeliest token each time, with what was kept of those before."""
    states, past, mark = eyes(x), mouth.nothing_past(len(x)), TOKENIZER.mark
    ids, out = torch.full((len(x), 1), mark, device=x.device), []
    for _ in range(20):
        logits, *past = mouth(ids, states, *past)
        ids = logits[:, -1:].argmax(-1)
        out.append(ids)
    return [TOKENIZER.decode(row[: row.index(mark)] if mark in row else row) for row in torch.cat(out, 1).tolist()]


def save(eyes, mouth, step, out):
    plain = lambda net: {name: value.cpu() for name, value in net.state_dict().items()}
    torch.save({"eyes": plain(eyes), "mouth": plain(mouth), "steps": step}, out + ".tmp")
    os.replace(out + ".tmp", out)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("out"); p.add_argument("--minutes", type=float, default=12, help="on a cpu those of the processor"); p.add_argument("--seed", type=int, default=5)
    p.add_argument("--batch", type=int, default=48); p.add_argument("--device", default="cpu"); p.add_argument("--processes", type=int, default=0, help="that draw; 0: this one")
    a = p.parse_args()
    spent = time.process_time if a.device == "cpu" else lambda: time.time() - BEGAN
    kept = BEGAN
    source = batches(a.seed, a.batch, a.processes)
    first = next(source)  # other processes are begun before torch has threads of its own
    torch.set_num_threads(1); torch.manual_seed(a.seed)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    eyes, mouth = Eyes().to(a.device), Mouth(len(TOKENIZER.vocab)).to(a.device)
    params = [*eyes.parameters(), *mouth.parameters()]
    opt = torch.optim.AdamW(params, weight_decay=0.01)
    step, seen = 0, []
    for pictures, given, wanted, _ in itertools.chain([first], source):
        if (done := spent() / (60 * a.minutes)) >= 1: break
        for g in opt.param_groups: g["lr"] = 2e-3 * min(1, (step + 1) / 100) * max(0.005, 1 - done)
        x, given, wanted = tensors(pictures, given, wanted, a.device)
        logits, *_ = mouth(given, eyes(x), *mouth.nothing_past(len(x)))
        loss = F.cross_entropy(logits.flatten(0, 1), wanted.flatten(), ignore_index=-100)
        opt.zero_grad(set_to_none=True); loss.backward()
        torch.nn.utils.clip_grad_norm_(params, 1.0); opt.step()
        seen.append(loss.detach())
        step += 1
        if step % 100 == 0:
            print(f"step {step} loss {torch.stack(seen).mean().item():.4f} {spent():.0f} s", flush=True)
            seen = []
        if time.time() - kept > 30:
            save(eyes, mouth, step, a.out)
            kept = time.time()
    save(eyes, mouth, step, a.out)
    eyes.eval(); mouth.eval()
    pictures, given, wanted, texts = drawn((a.seed + 1000, 0, 500))
    with torch.no_grad(): said = write(eyes, mouth, tensors(pictures, given, wanted, a.device)[0])
    print(f"{step} steps; {sum(s == t for s, t in zip(said, texts))} of 500 new drawings are told word for word")
    for s, t in [pair for pair in zip(said, texts) if pair[0] != pair[1]][:6]: print(f"  {t} -> {s}", flush=True)
    for process in multiprocessing.active_children(): process.kill()  # those that draw know no end
    os._exit(0)


if __name__ == "__main__": main()
