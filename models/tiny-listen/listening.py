"""What the network hears: Whisper's log-mel spectrogram, in power, before the logarithm."""
import math, torch

RATE, FFT, HOP, MELS, SECONDS = 16000, 640, 400, 80, 8
FRAMES = SECONDS * RATE // HOP


def hertz_to_mel(f): return f * 3 / 200 if f < 1000 else 15 + 27 * math.log(f / 1000) / math.log(6.4)
def mel_to_hertz(m): return m * 200 / 3 if m < 15 else 1000 * math.exp(math.log(6.4) / 27 * (m - 15))


def filters():
    """Slaney's triangles, each of area one. [MELS, FFT // 2 + 1]"""
    top = hertz_to_mel(RATE / 2)
    edges = [mel_to_hertz(top * i / (MELS + 1)) for i in range(MELS + 2)]
    bins = torch.arange(FFT // 2 + 1) * RATE / FFT
    rows = []
    for a, b, c in zip(edges, edges[1:], edges[2:]):
        rows.append(torch.minimum((bins - a) / (b - a), (c - bins) / (c - b)).clamp(min=0) * 2 / (c - a))
    return torch.stack(rows)


FILTERS, WINDOW = filters(), torch.hann_window(FFT)


def power(samples):
    """[frames, MELS] of samples in -1 to 1."""
    bins = torch.stft(samples, FFT, HOP, window=WINDOW, return_complex=True).abs() ** 2
    return (FILTERS @ bins[:, :-1]).t()


def features(mels):
    """Of [batch, frames, MELS] powers what the network reads: [batch, MELS, frames]."""
    log = mels.clamp(min=1e-10).log10()
    top = log.flatten(1).max(1).values[:, None, None]
    return ((torch.maximum(log, top - 8) + 4) / 4).transpose(1, 2)
