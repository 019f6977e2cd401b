"""The Muon optimizer, on CPUs and GPUs. Source: kellerjordan.github.io/posts/muon."""
import torch


def orthogonal(g):
    """Newton-Schulz iteration of the Muon optimizer on a stack of matrices."""
    flip = g.shape[-2] > g.shape[-1]
    x = g.transpose(-1, -2) if flip else g
    x = (x / (x.flatten(1).norm(dim=1)[:, None, None] + 1e-7)).bfloat16()
    for _ in range(5):
        a = x @ x.transpose(-1, -2)
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
    return (x.transpose(-1, -2) if flip else x).float()


class Muon:
    """For the matrices of the layers; AdamW does the embedding and the norms."""

    def __init__(self, params):
        self.groups = {}
        for p in params: self.groups.setdefault(tuple(p.shape), []).append(p)
        self.momentum = {s: torch.zeros(len(ps), *s, device=ps[0].device) for s, ps in self.groups.items()}

    def step(self, rate, momentum, decay=0.02):
        for shape, params in self.groups.items():
            g = torch.stack([p.grad for p in params])
            self.momentum[shape].mul_(momentum).add_(g)
            update = orthogonal(g.add_(self.momentum[shape], alpha=momentum)) * max(1.0, shape[0] / shape[1]) ** 0.5
            weights = [p.data for p in params]
            torch._foreach_mul_(weights, 1 - rate * decay)
            torch._foreach_add_(weights, list(update.unbind()), alpha=-rate)
