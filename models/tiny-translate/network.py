"""Tokenizer and network of tiny-translate and tiny-summary: an encoder and a decoder that may also copy what it reads.

The products in bfloat16, the norms and the merging of letters are those of tiny-chat. On a GPU torch's own attention takes the place of tiny-chat's.
"""
import collections, os, re, sys
os.environ.setdefault("OMP_NUM_THREADS", "1"); os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tiny-chat"))
import torch, torch.nn as nn, torch.nn.functional as F
from common import Attend, Half, Norm, merge

SPECIALS = ["<s>", "<pad>", "</s>", "<unk>"]
PAD, EOS = 1, 2


class Tokenizer:
    """SentencePiece-style BPE with bytes for what it does not know. Words begin with the space mark; letters, digits and signs never share a
    token, and digits stay single, so that a name or a number has the same tokens wherever it stands."""
    CHUNK = re.compile("\u2581?[^\\W\\d_]+|\u2581?[^\\w\u2581\\s]+|\\d|\u2581|.", re.S)

    def __init__(self, tokens):
        self.tokens = tokens
        self.id = {t: i for i, t in enumerate(tokens)}
        self.cache = {}

    def chunk(self, text):
        parts = list(text)
        while True:
            known = [(self.id.get(a + b, 1 << 30), i) for i, (a, b) in enumerate(zip(parts, parts[1:]))]
            best = min(known, default=(1 << 30, 0))
            if best[0] == 1 << 30: break
            i = best[1]
            parts[i:i + 2] = [parts[i] + parts[i + 1]]
        out = []
        for part in parts: out += [self.id[part]] if part in self.id else [self.id["<0x%02X>" % b] for b in part.encode()]
        return out

    def encode(self, text):
        out = []
        for chunk in self.CHUNK.findall("".join("\u2581" + word for word in text.split(" "))):
            if chunk not in self.cache: self.cache[chunk] = self.chunk(chunk)
            out += self.cache[chunk]
        return out

    def decode(self, ids):
        """For a look at it; bytes that are no letters by themselves are left out."""
        return "".join(self.tokens[i] for i in ids if i >= len(SPECIALS) and not self.tokens[i].startswith(("<0x", "__"))).replace("\u2581", " ").strip()

    @classmethod
    def train(cls, texts, size, languages=()):
        counts, letters = collections.Counter(), collections.Counter()
        for text in texts:
            for chunk in cls.CHUNK.findall("".join("\u2581" + word for word in text.split(" "))):
                letters.update(chunk)
                if len(chunk) > 1: counts[chunk] += 1
        first = SPECIALS + ["<0x%02X>" % b for b in range(256)]
        signs = ["\u2581"] + [chr(c) for c in range(33, 127)]
        signs += sorted(c for c, n in letters.items() if n > 1 and c not in signs and not c.isspace())
        last = [f"__{language}__" for language in languages]
        # Merges come before single signs, so that the lower id is the better merge.
        merged = merge(counts, size - len(first) - len(signs) - len(last))
        return cls(first + merged + signs + last)


class Layer(nn.Module):
    """Attention to itself, in a decoder also to what the encoder read, and a gated feed-forward part."""

    def __init__(self, shape, cross):
        super().__init__()
        d, ff = shape["d"], shape["ff"]
        matrix = lambda rows, columns, scale=1.0: nn.Parameter(torch.randn(rows, columns) * scale / columns ** 0.5)
        self.heads, self.cross = shape["heads"], cross
        self.n1, self.n2 = nn.Parameter(torch.ones(d)), nn.Parameter(torch.ones(d))
        self.q, self.k, self.v, self.o = matrix(d, d), matrix(d, d), matrix(d, d), matrix(d, d, 0.1)
        self.gate, self.up, self.down = matrix(ff, d), matrix(ff, d), matrix(d, ff, 0.1)
        if cross:
            self.n3 = nn.Parameter(torch.ones(d))
            self.cq, self.ck, self.cv, self.co = matrix(d, d), matrix(d, d), matrix(d, d), matrix(d, d, 0.1)

    def split(self, x): return x.float().view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2).reshape(x.shape[0] * self.heads, x.shape[1], -1)

    def attend(self, q, k, v, mask, b):
        """Rows of heads in and states out. `mask`: (b, 1, source) for what may be read, None for what stands before."""
        q, t = q * q.shape[-1] ** -0.5, q.shape[1]
        if q.is_cuda:
            q, k, v = (x.bfloat16().view(b, self.heads, x.shape[1], -1) for x in (q, k, v))
            a = F.scaled_dot_product_attention(q, k, v, None if mask is None else mask[:, None].bfloat16(), is_causal=mask is None, scale=1.0)
        else:
            mask = torch.full((1, t, t), -1e9).triu(1) if mask is None else mask.repeat_interleave(self.heads, 0)
            a = Attend.apply(q, k, v, mask).view(b, self.heads, t, -1)
        return a.transpose(1, 2).reshape(b, t, -1)

    def forward(self, x, turn, mask, read=None, read_mask=None):
        b, t, d = x.shape
        h = Norm.apply(x, self.n1)
        q, k, v = Half.apply(h, torch.cat([self.q, self.k, self.v])).float().split(d, -1)
        q, k = rotate(self.split(q), turn[:t]), rotate(self.split(k), turn[:t])
        x = x + Half.apply(self.attend(q, k, self.split(v), mask, b), self.o)
        if self.cross:
            q = self.split(Half.apply(Norm.apply(x, self.n3), self.cq))
            k, v = Half.apply(read, torch.cat([self.ck, self.cv])).float().split(d, -1)
            x = x + Half.apply(self.attend(q, self.split(k), self.split(v), read_mask, b), self.co)
        h = Norm.apply(x, self.n2).bfloat16()
        return x + Half.apply(F.silu(Half.apply(h, self.gate)) * Half.apply(h, self.up), self.down)


def rotate(x, turn):
    """Positions as rotations: what matters is how far apart two tokens are, and no length is the last one."""
    return torch.view_as_real(torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2)) * turn).flatten(-2)


def turns(shape):
    half = shape["d"] // shape["heads"]
    angle = torch.outer(torch.arange(shape["positions"]).float(), 10000.0 ** (-torch.arange(0, half, 2).float() / half))
    return torch.polar(torch.ones_like(angle), angle)


class Model(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape, d = shape, shape["d"]
        self.emb = nn.Parameter(torch.randn(shape["vocab"], d) * 0.02)
        self.encoder = nn.ModuleList([Layer(shape, False) for _ in range(shape["encoder"])])
        self.decoder = nn.ModuleList([Layer(shape, True) for _ in range(shape["decoder"])])
        self.read_norm, self.norm = nn.Parameter(torch.ones(d)), nn.Parameter(torch.ones(d))
        self.copy_q, self.copy_k = (nn.Parameter(torch.randn(d, d) / d ** 0.5) for _ in "qk")
        self.choose = nn.Parameter(torch.zeros(1, d))
        self.register_buffer("turn", turns(shape), persistent=False)

    def read(self, source):
        """What the encoder makes of the source, and a mask that hides its padding."""
        hidden = (source == PAD).float()[:, None, :] * -1e9
        x = F.embedding(source, self.emb) * self.shape["d"] ** 0.5
        for layer in self.encoder: x = layer(x, self.turn, hidden)
        return Norm.apply(x, self.read_norm), hidden

    def states(self, read, hidden, target):
        x = F.embedding(target, self.emb) * self.shape["d"] ** 0.5
        for layer in self.decoder: x = layer(x, self.turn, None, read, hidden)
        return Norm.apply(x, self.norm)

    def loss(self, source, target, where):
        """Mean of -log p over the tokens of `target` at the flat indices `where` of target[:, 1:]. p: said, or copied."""
        read, hidden = self.read(source)
        state, wanted = self.states(read, hidden, target[:, :-1]), target[:, 1:]
        flat, asked = state.flatten(0, 1)[where], wanted.flatten()[where]
        said = F.log_softmax(Half.apply(flat, self.emb).float(), -1).gather(1, asked[:, None]).squeeze(1)
        scores = torch.bmm(Half.apply(state, self.copy_q).float(), Half.apply(read, self.copy_k).float().transpose(1, 2)) * self.shape["d"] ** -0.5 + hidden
        copied = F.log_softmax(scores, -1) + (source[:, None, :] != wanted[:, :, None]).float() * -1e9
        copied = torch.logsumexp(copied, -1).flatten()[where]
        gate = (flat @ self.choose.t()).squeeze(1)
        return -torch.logaddexp(F.logsigmoid(gate) + said, F.logsigmoid(-gate) + copied).mean()
