"""Rare events in OpenTURNS, and limit states in NumPy: what Riviera's benchmark compares with.

Arguments: seconds of each measurement of speed, seeds of each estimate, then problems as NAME, g, VARIABLES, truth and its
standard error separated by tabs, “--”, and the problems whose g is timed. Prints lines separated by tabs: “row”, problem,
method, median of estimate / truth, share of 95 % intervals that cover the truth (empty where there is none), median of the
evaluations, evaluations a second; and “speed”, problem, peer, evaluations of g a second on one thread.
"""
import functools
import multiprocessing
import re
import statistics
import sys
import time

separator = sys.argv.index("--")
SECONDS, SEEDS = float(sys.argv[1]), int(sys.argv[2])
PROBLEMS = [line.split("\t") for line in sys.argv[3:separator]]
TIMED = [line.split("\t") for line in sys.argv[separator + 1:]]
MOST, TARGET, PATIENCE = 100_000, 0.05, 30


def inputs(text):
    """x1=normal:0:1,… as names, families and numbers."""
    for part in text.split(","):
        name, distribution = part.split("=")
        family, *numbers = distribution.split(":")
        yield name, family, [float(number) for number in numbers]


def fastest(run, count):
    """Evaluations a second of the fastest round, by the processor's time of this thread alone."""
    best, begin = float("inf"), time.perf_counter()
    while best == float("inf") or time.perf_counter() - begin < SECONDS:
        start = time.thread_time()
        run()
        best = min(best, time.thread_time() - start)
    return count / best


def numpy_speeds(numpy):
    names = {name: getattr(numpy, name) for name in ("sqrt", "exp", "sin", "cos", "log", "abs", "pi")}
    names |= {"min": lambda *values: functools.reduce(numpy.minimum, values),
              "max": lambda *values: functools.reduce(numpy.maximum, values)}
    for size, label in ((1_000_000, "NumPy"), (20_000, "NumPy, blocks of 20,000")):
        for name, g, variables in TIMED:
            generator = numpy.random.default_rng(1)
            values = {}
            for variable, family, (mean, std) in inputs(variables):
                values[variable] = generator.normal(mean, std, size)
            code = compile(g.replace("^", "**"), name, "eval")
            rounds = max(1, 200_000 // size)
            rate = fastest(lambda: [eval(code, names, values) for _ in range(rounds)], rounds * size)
            print("speed", name, label, rate, sep="\t")


def joined(ot):
    """Its name in newer versions, or in older ones."""
    return getattr(ot, "JointDistribution", None) or ot.ComposedDistribution


def distribution(ot, family, numbers):
    if family == "normal":
        return ot.Normal(*numbers)
    if family == "lognormal":
        return ot.ParametrizedDistribution(ot.LogNormalMuSigma(*numbers, 0.0))
    if family == "gumbel":
        return ot.ParametrizedDistribution(ot.GumbelMuSigma(*numbers))
    if family == "uniform":
        return ot.Uniform(*numbers)
    if family == "exponential":
        return ot.Exponential(*numbers)
    raise ValueError(family)


def openturns_speeds(ot):
    for name, g, variables in TIMED:
        names = [variable for variable, *_ in inputs(variables)]
        joint = joined(ot)([distribution(ot, *one[1:]) for one in inputs(variables)])
        function = ot.SymbolicFunction(names, [g])
        sample = joint.getSample(50_000)
        print("speed", name, "OpenTURNS", fastest(lambda: function(sample), 50_000), sep="\t")


def design_point(ot, event, start):
    solver = ot.AbdoRackwitz()
    solver.setMaximumCallsNumber(5000)
    solver.setMaximumIterationNumber(200)
    solver.setCheckStatus(False)
    form = ot.FORM(solver, event, start)
    form.run()
    return form.getResult()


def methods(ot, event, joint):
    """Each method as a function that returns estimate, interval (or None)."""
    def settle(algorithm, block):
        algorithm.setMaximumCoefficientOfVariation(TARGET)
        algorithm.setBlockSize(block)
        algorithm.setMaximumOuterSampling(max(1, MOST // block))
        algorithm.run()
        return result(algorithm.getResult())

    def result(found):
        half = found.getConfidenceLength(0.95) / 2
        value = found.getProbabilityEstimate()
        return value, (value - half, value + half)

    def form():
        return design_point(ot, event, joint.getMean()).getEventProbability(), None

    def form_importance():
        point = design_point(ot, event, joint.getMean()).getStandardSpaceDesignPoint()
        proposal = ot.Normal(point, ot.CovarianceMatrix(joint.getDimension()))
        return settle(ot.ProbabilitySimulationAlgorithm(
            ot.StandardEvent(event), ot.ImportanceSamplingExperiment(proposal)), 1000)

    def subset():
        algorithm = ot.SubsetSampling(event)
        algorithm.setMaximumOuterSampling(10)
        algorithm.setBlockSize(1000)
        algorithm.run()
        return result(algorithm.getResult())

    def cross_entropy():
        return settle(ot.StandardSpaceCrossEntropyImportanceSampling(event), 2000)

    def directional():
        algorithm = ot.DirectionalSampling(event)
        return settle(algorithm, 10)

    return {"FORM": form, "FORM importance": form_importance, "subset": subset, "cross entropy": cross_entropy,
            "directional": directional}


def estimate(ot, problem, label, seed):
    """Ratio to the truth, whether the interval covers it (None without one), calls, calls a second."""
    name, g, variables, truth, error = problem
    truth, slack = float(truth), 3 * float(error)
    names = [variable for variable, *_ in inputs(variables)]
    joint = joined(ot)([distribution(ot, *one[1:]) for one in inputs(variables)])
    ot.RandomGenerator.SetSeed(seed)
    function = ot.SymbolicFunction(names, [re.sub(r"\bpi\b", "pi_", g)])
    event = ot.ThresholdEvent(ot.CompositeRandomVector(function, ot.RandomVector(joint)), ot.LessOrEqual(), 0.0)
    start, before = time.perf_counter(), function.getEvaluationCallsNumber()
    value, interval = methods(ot, event, joint)[label]()
    elapsed = time.perf_counter() - start
    calls = function.getEvaluationCallsNumber() - before
    covers = interval and interval[0] - slack <= truth <= interval[1] + slack
    return value / truth, covers, calls, calls / elapsed


def guarded(*arguments):
    """The same in a process of its own, which is ended after a while: some methods never return on some problems."""
    reading, writing = multiprocessing.Pipe(False)

    def run():
        try:
            writing.send(estimate(*arguments))
        except Exception as failure:
            writing.send(str(failure).splitlines()[0][:200])
    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    answer = reading.recv() if reading.poll(PATIENCE) else f"no answer within {PATIENCE} s"
    process.kill()
    process.join()
    return answer


def estimates(ot):
    ot.Log.Show(ot.Log.NONE)
    for problem in PROBLEMS:
        name = problem[0]
        for label in methods(ot, None, None):
            answers = [guarded(ot, problem, label, seed) for seed in range(1, SEEDS + 1)]
            for failure in {answer for answer in answers if isinstance(answer, str)}:
                print(f"{name}, {label}: {failure}", file=sys.stderr)
            good = [answer for answer in answers if not isinstance(answer, str)]
            if not good:
                continue
            ratios, covers, calls, rates = zip(*good)
            stated = [one for one in covers if one is not None]
            print("row", name, f"OpenTURNS {label}", statistics.median(ratios), sum(stated) / len(stated) if stated else "",
                  statistics.median(calls), max(rates), sep="\t", flush=True)


try:
    import numpy
except ImportError:
    print("NumPy is not installed: its rows are left out", file=sys.stderr)
else:
    numpy_speeds(numpy)
try:
    import openturns
except ImportError:
    print("OpenTURNS is not installed (pip install openturns): its rows are left out", file=sys.stderr)
else:
    openturns.TBB.Disable()
    openturns_speeds(openturns)
    estimates(openturns)
