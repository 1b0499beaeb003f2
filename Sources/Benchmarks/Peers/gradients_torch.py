"""The two descents of the default gradient request in PyTorch, timed.

Prints one line of JSON: seconds for each loop, and where it ended. `autograd` is the
loop as one writes it with torch.distributions and torch.optim; `by_hand` has the gradient
written out under no_grad, the fastest that the tensors allow.
"""

import json
import sys
import time

try:
    import torch
except ImportError:
    sys.exit("PyTorch is not installed")

ITERATIONS, BATCH, RATE = 10_000, 300, 0.01


def autograd(estimator):
    mu = torch.zeros((), dtype=torch.float64, requires_grad=True)
    tau = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([mu, tau], lr=RATE)
    for _ in range(ITERATIONS):
        sigma = tau.exp()
        q = torch.distributions.Normal(mu, sigma, validate_args=False)
        if estimator == "log_derivative":
            x = q.sample((BATCH,))
            surrogate = (q.log_prob(x) * (x * x.sin())).mean()
        else:
            x = q.rsample((BATCH,))
            surrogate = (x * x.sin()).mean()
        loss = surrogate + 0.5 * (mu - 1) ** 2 + sigma - tau
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return mu.item(), tau.exp().item()


@torch.no_grad()
def by_hand(estimator):
    mu, tau = 0.0, torch.zeros((), dtype=torch.float64)
    for _ in range(ITERATIONS):
        sigma = tau.exp().item()
        epsilon = torch.randn(BATCH, dtype=torch.float64)
        x = mu + sigma * epsilon
        if estimator == "log_derivative":
            f = x * x.sin()
            g_mu = torch.dot(f, epsilon).item() / (BATCH * sigma)
            g_tau = torch.dot(f, epsilon * epsilon - 1).item() / BATCH
        else:
            slope = x.sin() + x * x.cos()
            g_mu = slope.mean().item()
            g_tau = sigma * torch.dot(slope, epsilon).item() / BATCH
        mu -= RATE * (g_mu + mu - 1)
        tau -= RATE * (g_tau + sigma - 1)
    return mu, tau.exp().item()


def main():
    torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    torch.manual_seed(0)
    result = {"torch": torch.__version__}
    for loop in (autograd, by_hand):
        begin, used = time.perf_counter(), time.process_time()
        ends = {name: loop(name) for name in ("log_derivative", "reparameterization")}
        seconds = time.perf_counter() - begin
        used = time.process_time() - used
        result[loop.__name__] = {"seconds": seconds, "processor_seconds": used, "final": ends}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
