#!/usr/bin/env python3
"""The twins of bench-engine's shapes in PyTorch: peer-engine.py SHAPE THREADS CPU [--bf16]

Stepped in turn with ours by bench-engine; what is said is written in bench-child.h. CPU is the only processor to
use, or -1. Data is made up, the shapes are real.
"""

import glob
import os
import sys
import time

SHAPE, THREADS, CPU = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
BF16 = "--bf16" in sys.argv

# PyTorch and OpenBLAS fight with a pool of threads each; over OpenMP they share one.
blas = glob.glob("/usr/lib/*/openblas-openmp") + glob.glob("/usr/lib64/openblas-openmp")
if blas and blas[0] not in os.environ.get("LD_LIBRARY_PATH", ""):
    os.environ["LD_LIBRARY_PATH"] = blas[0]
    os.execv(sys.executable, [sys.executable, *sys.argv])
if CPU >= 0:
    os.sched_setaffinity(0, {CPU})

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional  # noqa: E402

torch.set_num_threads(THREADS)
torch.set_flush_denormal(True)
torch.manual_seed(1)


def trainer(model, loss, optimiser):
    def step():
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=BF16):
            value = loss()
        optimiser.zero_grad(set_to_none=True)
        value.backward()
        optimiser.step()
        return value.item()
    return step


# ---- The melody VAE -----------------------------------------------------------------------------

V, T, Z, ENC, DEC = 90, 32, 128, 256, 512


class MelodyVae(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.LSTM(V, ENC, batch_first=True, bidirectional=True)
        self.mu, self.logvar = nn.Linear(2 * ENC, Z), nn.Linear(2 * ENC, Z)
        self.h0, self.c0 = nn.Linear(Z, DEC), nn.Linear(Z, DEC)
        self.decoder = nn.LSTM(V + Z, DEC, batch_first=True)
        self.out = nn.Linear(DEC, V)

    def forward(self, tokens):
        x = functional.one_hot(tokens, V).float()
        _, (h, _) = self.encoder(x)
        h = torch.cat((h[0], h[1]), 1)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
        before = functional.pad(x[:, :-1], (0, 0, 1, 0))
        inputs = torch.cat((before, z[:, None].expand(-1, T, -1)), 2)
        start = torch.tanh(self.h0(z))[None], torch.tanh(self.c0(z))[None]
        return self.out(self.decoder(inputs, start)[0]), mu, logvar

    @torch.inference_mode()
    def sample(self, batch):
        z = torch.randn(batch, Z)
        h, c = torch.tanh(self.h0(z)), torch.tanh(self.c0(z))
        w, u = self.decoder.weight_ih_l0, self.decoder.weight_hh_l0
        constant = torch.addmm(self.decoder.bias_ih_l0 + self.decoder.bias_hh_l0, z, w[:, V:].t())
        table, u = w[:, :V].t().contiguous(), u.t().contiguous()
        token = None
        for _ in range(T):
            gates = torch.addmm(constant, h, u)
            if token is not None:
                gates = gates + table[token]
            i, f, g, o = gates.chunk(4, 1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            token = torch.multinomial(functional.softmax(self.out(h), 1), 1)[:, 0]


def melody_vae_train():
    batch = 128
    vae, tokens = MelodyVae(), torch.randint(0, V, (batch, T))

    def loss():
        logits, mu, logvar = vae(tokens)
        nll = functional.cross_entropy(logits.reshape(-1, V), tokens.reshape(-1), reduction="sum")
        return (nll - 0.1 * (1 + logvar - mu * mu - logvar.exp()).sum()) / batch
    return trainer(vae, loss, torch.optim.Adam(vae.parameters(), lr=1e-3))


def melody_vae_sample(batch=1):
    vae = MelodyVae().eval()
    return lambda: vae.sample(batch)


# ---- The transformer ----------------------------------------------------------------------------

WIDTH, HEADS, LAYERS, FEED, WORDS, CONTEXT = 256, 8, 6, 1024, 512, 512


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.n1, self.n2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.qkv, self.o = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.f1, self.f2 = nn.Linear(WIDTH, FEED), nn.Linear(FEED, WIDTH)

    def feed(self, x, y):
        x = x + self.o(y)
        return x + self.f2(functional.gelu(self.f1(self.n2(x))))

    def forward(self, x, mask):
        b, s, d = x.shape
        q, k, v = self.qkv(self.n1(x)).view(b, s, 3, HEADS, d // HEADS).permute(2, 0, 3, 1, 4)
        scores = torch.matmul(q * (d // HEADS) ** -0.5, k.transpose(-1, -2)) + mask
        y = torch.matmul(functional.softmax(scores, -1), v).transpose(1, 2).reshape(b, s, d)
        return self.feed(x, y)

    def cached(self, x, keys, values, p):
        q, k, v = self.qkv(self.n1(x)).view(3, HEADS, WIDTH // HEADS)
        keys[:, :, p], values[:, p] = k, v
        scores = torch.bmm(q[:, None] * (WIDTH // HEADS) ** -0.5, keys[:, :, :p + 1])
        return self.feed(x, torch.bmm(functional.softmax(scores, -1), values[:, :p + 1]).view(1, WIDTH))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.places = nn.Embedding(WORDS, WIDTH), nn.Embedding(CONTEXT, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm, self.head = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, WORDS, bias=False)
        self.register_buffer("mask", torch.full((CONTEXT, CONTEXT), float("-inf")).triu(1))

    def forward(self, tokens):
        s = tokens.shape[1]
        x = self.words(tokens) + self.places.weight[:s]
        for block in self.blocks:
            x = block(x, self.mask[:s, :s])
        return self.head(self.norm(x))

    @torch.inference_mode()
    def sample(self, n):
        keys = torch.zeros(LAYERS, HEADS, WIDTH // HEADS, n)
        values, token = torch.zeros(LAYERS, HEADS, n, WIDTH // HEADS), 1
        for p in range(n):
            x = self.words.weight[token:token + 1] + self.places.weight[p:p + 1]
            for i, block in enumerate(self.blocks):
                x = block.cached(x, keys[i], values[i], p)
            token = int(torch.multinomial(functional.softmax(self.head(self.norm(x))[0], 0), 1))


def transformer_train():
    model, tokens = Transformer(), torch.randint(0, WORDS, (8, CONTEXT + 1))

    def loss():
        logits = model(tokens[:, :-1])
        return functional.cross_entropy(logits.float().reshape(-1, WORDS), tokens[:, 1:].reshape(-1))
    return trainer(model, loss, torch.optim.AdamW(model.parameters(), lr=3e-4, weight_decay=0.01))


def transformer_sample_kv():
    model = Transformer().eval()
    return lambda: model.sample(CONTEXT)


def transformer_prefill512():
    model, tokens = Transformer().eval(), torch.ones(1, CONTEXT, dtype=torch.long)

    @torch.inference_mode()
    def step():
        model(tokens)
    return step


class OnnxStep(nn.Module):
    """One token, with keys and values (HEADS,T,WIDTH/HEADS) of each layer in and out."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, token, place, *kept):
        x, out = self.model.words(token) + self.model.places(place), []
        for i, block in enumerate(self.model.blocks):
            q, k, v = block.qkv(block.n1(x)).view(3, HEADS, 1, WIDTH // HEADS).unbind(0)
            k, v = torch.cat((kept[2 * i], k), 1), torch.cat((kept[2 * i + 1], v), 1)
            scores = torch.matmul(q, k.transpose(-1, -2)) * (WIDTH // HEADS) ** -0.5
            x = block.feed(x, torch.matmul(functional.softmax(scores, -1), v).reshape(1, WIDTH))
            out += [k, v]
        return (self.model.head(self.model.norm(x)), *out)


def export_onnx():
    folder, model = sys.argv[4], Transformer().eval()
    model.mask.clamp_(min=-1e30)
    names = [part + str(i) for i in range(LAYERS) for part in "kv"]
    one, past = torch.zeros(1, dtype=torch.long), torch.zeros(HEADS, 3, WIDTH // HEADS)
    torch.onnx.export(model, torch.zeros(1, CONTEXT, dtype=torch.long), os.path.join(folder, "full.onnx"),
                      input_names=["tokens"], output_names=["logits"], opset_version=14)
    torch.onnx.export(OnnxStep(model), (one, one, *[past] * len(names)), os.path.join(folder, "step.onnx"),
                      input_names=["token", "place", *("in_" + name for name in names)],
                      output_names=["logits", *("out_" + name for name in names)],
                      dynamic_axes={side + name: {1: side + "rows"} for name in names for side in ("in_", "out_")},
                      opset_version=14)
    sys.exit(0)


# ---- The adversarial pair: rolls of 5 tracks, 192 steps, 84 pitches ------------------------------

def generator():
    def up(n_in, n_out, kernel, stride, padding=0):
        return (nn.ConvTranspose2d(n_in, n_out, kernel, stride, padding, bias=False), nn.BatchNorm2d(n_out),
                nn.ReLU(True))
    return nn.Sequential(nn.Linear(128, 1024), nn.Unflatten(1, (256, 4, 1)), nn.BatchNorm2d(256), nn.ReLU(True),
                         *up(256, 128, (4, 1), (4, 1)), *up(128, 128, (1, 7), (1, 7)),
                         *up(128, 64, (3, 1), (3, 1)), *up(64, 64, (1, 3), (1, 3)), *up(64, 32, 4, 2, 1),
                         nn.ConvTranspose2d(32, 5, 4, 2, 1), nn.Sigmoid())


def critic():
    def down(n_in, n_out, kernel, stride, padding=0):
        return nn.Conv2d(n_in, n_out, kernel, stride, padding), nn.LeakyReLU(0.2, True)
    return nn.Sequential(*down(5, 32, 4, 2, 1), *down(32, 64, 4, 2, 1), *down(64, 128, 3, 3),
                         *down(128, 256, (4, 7), (4, 7)), nn.Flatten(), nn.Linear(1024, 1))


def gan_train():
    batch, g, d = 32, generator(), critic()
    adam_g = torch.optim.Adam(g.parameters(), lr=2e-4, betas=(0.5, 0.9))
    adam_d = torch.optim.Adam(d.parameters(), lr=2e-4, betas=(0.5, 0.9))
    real = (torch.rand(batch, 5, 192, 84) < 0.04).float()

    def step():
        with torch.no_grad():
            fake = g(torch.randn(batch, 128))
        adam_d.zero_grad(set_to_none=True)
        (functional.relu(1 - d(real)).mean() + functional.relu(1 + d(fake)).mean()).backward()
        adam_d.step()
        d.requires_grad_(False)
        adam_g.zero_grad(set_to_none=True)
        (-d(g(torch.randn(batch, 128))).mean()).backward()
        adam_g.step()
        d.requires_grad_(True)
    return step


def gan_generate():
    g, z = generator().eval(), torch.randn(1, 128)
    return inferring(g, z)


# ---- Small ones ---------------------------------------------------------------------------------

def inferring(model, x):
    @torch.inference_mode()
    def step():
        model(x)
    return step


def conv_classifier():
    return nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Flatten(), nn.Linear(32 * 32 * 16, 64), nn.ReLU(), nn.Linear(64, 10))


def mlp_classifier():
    return nn.Sequential(nn.Flatten(), nn.Linear(8192, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(),
                         nn.Linear(64, 10))


def classifier_train(model):
    x, y = torch.randn(32, 1, 128, 64), torch.randint(0, 10, (32,))
    return trainer(model, lambda: functional.cross_entropy(model(x), y),
                   torch.optim.Adam(model.parameters(), lr=1e-3))


def classifier_infer(model):
    return inferring(model.eval(), torch.randn(1, 1, 128, 64))


class SeedVae(nn.Module):
    def __init__(self):
        super().__init__()
        self.e, self.mu, self.logvar = nn.Linear(128, 64), nn.Linear(64, 100), nn.Linear(64, 100)
        self.d1, self.d2 = nn.Linear(100, 64), nn.Linear(64, 128)

    def decode(self, z):
        return self.d2(functional.relu(self.d1(z)))


def seedvae_train():
    batch, vae = 128, SeedVae()
    x = torch.rand(batch, 128)

    def loss():
        h = functional.relu(vae.e(x))
        mu, logvar = vae.mu(h), vae.logvar(h)
        y = vae.decode(mu + torch.exp(0.5 * logvar) * torch.randn_like(mu))
        bce = functional.binary_cross_entropy_with_logits(y, x, reduction="sum")
        return (bce - 0.5 * (1 + logvar - mu * mu - logvar.exp()).sum()) / batch
    return trainer(vae, loss, torch.optim.Adam(vae.parameters(), lr=1e-3))


def seedvae_decode():
    vae, z = SeedVae(), torch.randn(1, 100)
    return inferring(lambda x: torch.sigmoid(vae.decode(x)), z)


SHAPES = {
    "melody_vae_train": melody_vae_train,
    "melody_vae_sample": melody_vae_sample,
    "melody_vae_sample_int8": melody_vae_sample,  # in full: PyTorch's own int8 LSTM quantises in every call
    "melody_vae_sample_128": lambda: melody_vae_sample(128),
    "transformer_train": transformer_train,
    "transformer_sample_kv": transformer_sample_kv,
    "transformer_prefill512": transformer_prefill512,
    "export_onnx": export_onnx,  # writes models for peer-onnx.js and ends
    "gan_train": gan_train,
    "gan_generate": gan_generate,
    "clf_conv_train": lambda: classifier_train(conv_classifier()),
    "clf_conv_infer": lambda: classifier_infer(conv_classifier()),
    "clf_mlp_train": lambda: classifier_train(mlp_classifier()),
    "clf_mlp_infer": lambda: classifier_infer(mlp_classifier()),
    "seedvae_train": seedvae_train,
    "seedvae_decode": seedvae_decode,
}


def peak_megabytes():
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0


def main():
    step = SHAPES[SHAPE]()
    now = time.process_time if THREADS == 1 else time.perf_counter

    def timed():
        start = now()
        step()
        return (now() - start) * 1e3

    last = [timed() for _ in range(3)][-1]
    print(f"ready {last:.4f} PyTorch {torch.__version__}{' bf16' if BF16 else ''}", flush=True)
    for line in sys.stdin:
        print(*(f"{timed():.4f}" for _ in range(int(line))), flush=True)
    print(f"peak {peak_megabytes():.1f}", flush=True)


main()
