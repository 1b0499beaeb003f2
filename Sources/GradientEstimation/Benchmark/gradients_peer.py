"""The two descents of the default gradient request in PyTorch, timed.

Prints one line of JSON: seconds for each loop, on the wall and of the processor, and where
it ended. `distributions` is the
loop as the tutorials write it, with torch.distributions and torch.optim; `autograd` writes
density and update out and leaves torch the derivative alone; `by_hand` writes the gradient
out too, under no_grad: the fastest that the tensors allow.
"""

import json
import sys
import time

import torch

ITERATIONS, BATCH, RATE = 10_000, 300, 0.01


def distributions(estimator):
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


def autograd(estimator):
    theta = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    for _ in range(ITERATIONS):
        mu, tau = theta
        epsilon = torch.randn(BATCH, dtype=torch.float64)
        if estimator == "log_derivative":
            with torch.no_grad():
                x = mu + tau.exp() * epsilon
                f = x * x.sin()
            surrogate = (f * (-0.5 * ((x - mu) / tau.exp()) ** 2 - tau)).mean()
        else:
            x = mu + tau.exp() * epsilon
            surrogate = (x * x.sin()).mean()
        loss = surrogate + 0.5 * (mu - 1) ** 2 + tau.exp() - tau
        (gradient,) = torch.autograd.grad(loss, theta)
        with torch.no_grad():
            theta -= RATE * gradient
    mu, tau = theta.detach()
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
    for loop in (distributions, autograd, by_hand):
        begin, begin_cpu = time.perf_counter(), time.process_time()
        ends = {name: loop(name) for name in ("log_derivative", "reparameterization")}
        seconds, cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
        result[loop.__name__] = {"seconds": seconds, "cpu_seconds": cpu, "final": ends}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
