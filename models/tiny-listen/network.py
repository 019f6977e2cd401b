"""A network of Whisper's shape: convolutions and an encoder over a spectrogram, a decoder that writes tokens and times."""
import math, torch, torch.nn as nn, torch.nn.functional as F
from listening import FRAMES, MELS, SECONDS
from words import vocabulary

SHAPE = dict(d=128, heads=4, near=4, encoder=2, decoder=2, target=96)
DROPOUT = 0.05
WORDS = vocabulary()
TEXT = len(WORDS)
MARKS = ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"]
END, START, ENGLISH, _, TRANSCRIBE, _, _, NOTHING, _ = range(TEXT, TEXT + len(MARKS))
POSITIONS = FRAMES // 2
PHONES = 40
STEP = SECONDS / POSITIONS
TIME = TEXT + len(MARKS)
TOKENS = [" " + word for word in WORDS] + MARKS + ["<|%.2f|>" % (i * STEP) for i in range(POSITIONS + 1)]


def time_of(seconds): return TIME + max(0, min(POSITIONS, round(seconds / STEP)))


class Attention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.q, self.k, self.v, self.o = nn.Linear(d, d), nn.Linear(d, d, bias=False), nn.Linear(d, d), nn.Linear(d, d)
        self.heads, self.size, self.scale = heads, d // heads, (d // heads) ** -0.5

    def split(self, x): return x.view(x.shape[0], x.shape[1], self.heads, self.size).transpose(1, 2)
    def keys(self, x): return self.split(self.k(x)), self.split(self.v(x))

    def forward(self, x, keys, values, mask=None):
        scores = self.split(self.q(x)) * self.scale @ keys.transpose(2, 3)
        if mask is not None: scores = scores + mask
        made = scores.softmax(-1) @ values
        return self.o(made.transpose(1, 2).reshape(x.shape[0], x.shape[1], x.shape[2]))


class Layer(nn.Module):
    def __init__(self, d, heads, cross):
        super().__init__()
        self.n1, self.own = nn.LayerNorm(d), Attention(d, heads)
        if cross: self.n2, self.other = nn.LayerNorm(d), Attention(d, heads)
        self.n3, self.up, self.down = nn.LayerNorm(d), nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def think(self, x): return x + F.dropout(self.down(F.relu(self.up(self.n3(x)))), DROPOUT, self.training)


class Near(nn.Module):
    """What is near each moment, by convolution: it learns words from far fewer of them than attention does."""

    def __init__(self, d):
        super().__init__()
        self.norm, self.conv, self.out = nn.LayerNorm(d), nn.Conv1d(d, d, 5, padding=2), nn.Linear(d, d)

    def forward(self, x): return x + F.dropout(self.out(F.relu(self.conv(self.norm(x).transpose(1, 2)).transpose(1, 2))), DROPOUT, self.training)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        d, heads = SHAPE["d"], SHAPE["heads"]
        self.conv1, self.conv2 = nn.Conv1d(MELS, d, 3, padding=1), nn.Conv1d(d, d, 3, stride=2, padding=1)
        turn = torch.exp(-math.log(10000) / (d // 2 - 1) * torch.arange(d // 2)) * torch.arange(POSITIONS)[:, None]
        self.register_buffer("sinusoids", torch.cat([turn.sin(), turn.cos()], 1))
        self.near = nn.ModuleList([Near(d) for _ in range(SHAPE["near"])])
        self.encoder = nn.ModuleList([Layer(d, heads, False) for _ in range(SHAPE["encoder"])])
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.tokens = nn.Parameter(torch.randn(len(TOKENS), d) * 0.05)
        self.places = nn.Parameter(torch.randn(SHAPE["target"], d) * 0.02)
        self.decoder = nn.ModuleList([Layer(d, heads, True) for _ in range(SHAPE["decoder"])])
        self.heard = nn.Linear(d, 2 * (PHONES + 1))  # for training alone: phones straight from the encoder, two for each of its moments

    def read(self, features):
        x = F.relu(self.conv2(F.relu(self.conv1(features)))).transpose(1, 2)
        for layer in self.near: x = layer(x)
        x = x + self.sinusoids[: x.shape[1]]
        for layer in self.encoder:
            h = layer.n1(x)
            x = layer.think(x + layer.own(h, *layer.own.keys(h)))
        return self.norm1(x)

    def write(self, ids, states, past=None, again=None):
        """Logits of each token; with `past` also what the next step needs. `again`: 1 where the keys of `states` are in `past`, else 0."""
        before = 0 if past is None else past[0].shape[2]
        length = ids.shape[1]
        x = self.tokens[ids] + self.places[before : before + length]
        mask = torch.full((length, before + length), -1e9, device=x.device).triu(before + 1)
        present = []
        for i, layer in enumerate(self.decoder):
            h = layer.n1(x)
            keys, values = layer.own.keys(h)
            if past is not None: keys, values = torch.cat([past[4 * i], keys], 2), torch.cat([past[4 * i + 1], values], 2)
            x = x + layer.own(h, keys, values, mask)
            if past is None: there, what = layer.other.keys(states)
            else:
                there, what = layer.other.keys(states[:, : states.shape[1] * (1 - again)])
                there, what = torch.cat([past[4 * i + 2], there], 2), torch.cat([past[4 * i + 3], what], 2)
            x = layer.think(x + layer.other(layer.n2(x), there, what))
            present += [keys, values, there, what]
        logits = self.norm2(x) @ self.tokens.t()
        return logits if past is None else (logits, present)
