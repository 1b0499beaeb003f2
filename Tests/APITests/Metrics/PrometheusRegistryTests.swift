import API
import Dispatch
import Metrics
import SeededRandom
import Testing

@Suite struct PrometheusRegistryTests {
    let registry = PrometheusRegistry()

    func read() throws -> ExpositionGrammar { try ExpositionGrammar(registry.render()) }

    @Test func theServicesMetricsAreWellFormedAndExplained() throws {
        for label in ["riviera_rejected_total", "riviera_cancelled_total"] {
            Counter(label: label, factory: registry).increment()
        }
        for status in ["200", "422", "503"] {
            Counter(
                label: "riviera_http_requests_total",
                dimensions: [("route", "/inpaint"), ("method", "POST"), ("status", status)],
                factory: registry
            ).increment(by: 3)
        }
        Gauge(label: "riviera_queue_depth", factory: registry).record(4)
        Meter(label: "riviera_http_in_progress", factory: registry).increment()
        Recorder(label: "riviera_queue_wait_seconds", factory: registry).record(0.003)
        Recorder(label: "riviera_batch_size", factory: registry).record(17)
        Timer(
            label: "riviera_http_request_duration_seconds", dimensions: [("route", "/inpaint")],
            factory: registry
        ).recordMilliseconds(12)

        let exposition = try read()
        #expect(exposition.families.filter { $0.hasPrefix("riviera_") }.count == 8)
        for family in exposition.families { #expect(exposition.help[family] != nil, "\(family)") }
        #expect(exposition.value("riviera_rejected_total") == 1)
        #expect(exposition.value("riviera_queue_depth") == 4)
        #expect(exposition.value("riviera_http_in_progress") == 1)
        #expect(
            exposition.value(
                "riviera_http_requests_total",
                ["route": "/inpaint", "method": "POST", "status": "422"]) == 3)
        #expect(exposition.value("riviera_queue_wait_seconds_bucket", ["le": "0.0025"]) == 0)
        #expect(exposition.value("riviera_queue_wait_seconds_bucket", ["le": "0.005"]) == 1)
        #expect(exposition.value("riviera_batch_size_bucket", ["le": "16"]) == 0)
        #expect(exposition.value("riviera_batch_size_bucket", ["le": "32"]) == 1)
        #expect(
            exposition.value(
                "riviera_http_request_duration_seconds_sum", ["route": "/inpaint"]) == 0.012)
    }

    @Test func theSameStateGivesTheSameBytes() throws {
        let other = PrometheusRegistry()
        let names = ["b", "a", "c"].flatMap { name in ["2", "1", "3"].map { (name, $0) } }
        for (name, value) in names {
            Counter(label: name, dimensions: [("x", value), ("a", "0")], factory: registry)
                .increment()
        }
        for (name, value) in names.reversed() {
            Counter(label: name, dimensions: [("a", "0"), ("x", value)], factory: other).increment()
        }
        func own(_ registry: PrometheusRegistry) throws -> [ExpositionGrammar.Sample] {
            try ExpositionGrammar(registry.render()).samples.filter {
                !$0.name.hasPrefix("process_")
            }
        }
        #expect(try own(registry) == own(other))
        #expect(
            try own(registry).map { $0.name + $0.labels["x"]! } == [
                "a_total1", "a_total2", "a_total3", "b_total1", "b_total2", "b_total3",
                "c_total1", "c_total2", "c_total3",
            ])
    }

    @Test func oneLabelAndItsDimensionsAreOneSeries() throws {
        let first = registry.makeCounter(label: "n", dimensions: [("a", "1"), ("b", "2")])
        let second = registry.makeCounter(label: "n_total", dimensions: [("b", "2"), ("a", "1")])
        let float = registry.makeFloatingPointCounter(
            label: "n", dimensions: [("a", "1"), ("b", "2")])
        #expect(first === second)
        #expect(first === float)
        #expect(first !== registry.makeCounter(label: "n", dimensions: [("a", "1"), ("b", "3")]))
        #expect(
            registry.makeTimer(label: "t", dimensions: [])
                === registry.makeTimer(label: "t_seconds", dimensions: []))
        first.increment(by: 2)
        float.increment(by: 0.5)
        #expect(try read().value("n_total", ["a": "1", "b": "2"]) == 2.5)
    }

    @Test func anyLabelAndAnyValueCanBeExposed() throws {
        let values = [
            "", "plain", "a\"b", "a\\b", "a\nb", "\\n", "\\\"", "ünï©ode 🌊", "\r\n\t", "{},=",
            "\"\u{301}",
        ]
        for value in values {
            Gauge(label: "any", dimensions: [("value", value)], factory: registry).record(1)
        }
        for label in ["", "9lives", "a.b-c d", "naïve", "ok:colon"] {
            Gauge(
                label: label, dimensions: [("9-x", "1"), ("le", "2"), ("a:b", "3")],
                factory: registry
            ).record(1)
        }
        let exposition = try read()
        #expect(
            Set(exposition.samples.filter { $0.name == "any" }.map { $0.labels["value"]! })
                == Set(values))
        for name in ["_", "_9lives", "a_b_c_d", "na__ve", "ok:colon"] {
            #expect(
                exposition.value(name, ["_9_x": "1", "exported_le": "2", "a_b": "3"]) == 1,
                "\(name)")
        }
    }

    @Test func ofTwoValuesForOneLabelTheLastHolds() throws {
        Gauge(label: "g", dimensions: [("a", "1"), ("a", "2")], factory: registry).record(1)
        #expect(try read().value("g", ["a": "2"]) == 1)
    }

    @Test func numbersReadBackAsTheyWere() throws {
        let gauge = registry.makeMeter(label: "g", dimensions: [])
        let numbers: [Double] = [
            0, -0.0, 1, -1, 0.1, 1e-5, 1e16, 1e300, .leastNonzeroMagnitude,
            .greatestFiniteMagnitude,
            9_007_199_254_740_991, 9_007_199_254_740_992, -9_007_199_254_740_994, 1 / 3, .infinity,
            -.infinity,
        ]
        for number in numbers {
            gauge.set(number)
            #expect(try read().value("g") == number)
        }
        gauge.set(.nan)
        #expect(try read().value("g")?.isNaN == true)
    }

    @Test func aCounterNeverFallsAndAGaugeFollows() throws {
        let counter = registry.makeCounter(label: "c", dimensions: [])
        let float = registry.makeFloatingPointCounter(label: "f", dimensions: [])
        let gauge = registry.makeMeter(label: "g", dimensions: [])
        counter.increment(by: 5)
        counter.increment(by: -3)
        for amount in [1.25, -1, .infinity, .nan] { float.increment(by: amount) }
        gauge.set(Int64(3))
        gauge.increment(by: 0.5)
        gauge.decrement(by: 4)
        #expect(try read().value("c_total") == 5)
        #expect(try read().value("f_total") == 1.25)
        #expect(try read().value("g") == -0.5)
        counter.reset()
        float.reset()
        #expect(try read().value("c_total") == 0)
        #expect(try read().value("f_total") == 0)
    }

    /// The law of a histogram: each bucket counts the observations at or below its bound.
    @Test(arguments: ["h", "h_seconds"]) func bucketsCountWhatIsAtOrBelowThem(name: String) throws {
        var generator = SplitMix64(seed: 1)
        let histogram = registry.makeRecorder(
            label: name, dimensions: [("k", "v")], aggregate: true)
        let powers = (-12...12).map { Double(sign: .plus, exponent: $0, significand: 1) }
        let decimals = [0.0005, 0.0025, 0.1, 10, 30, 60, 0, -1]
        var observed =
            powers + decimals
            + (0..<500).map { _ in
                Double(
                    sign: .plus, exponent: Int.random(in: -12...12, using: &generator),
                    significand: Double.random(in: 1..<2, using: &generator))
            }
        for value in observed { histogram.record(value) }
        for value: Int64 in [0, 1, 2, 1024, 1025] {
            histogram.record(value)
            observed.append(Double(value))
        }
        for value in [Double.nan, .infinity, -.infinity] { histogram.record(value) }
        let exposition = try read()
        let buckets = exposition.samples.filter { $0.name == name + "_bucket" }
        #expect(buckets.count == (name == "h" ? 12 : 17))
        for bucket in buckets {
            let bound = bucket.labels["le"] == "+Inf" ? .infinity : Double(bucket.labels["le"]!)!
            #expect(bucket.value == Double(observed.count { $0 <= bound }))
        }
        #expect(exposition.value(name + "_sum", ["k": "v"]) == observed.reduce(0, +))
    }

    @Test func timersAreExposedInSeconds() throws {
        let timer = Timer(label: "t", factory: registry)
        timer.recordNanoseconds(500_000)
        timer.recordNanoseconds(500_001)
        timer.recordSeconds(60)
        let exposition = try read()
        #expect(exposition.value("t_seconds_bucket", ["le": "0.0005"]) == 1)
        #expect(exposition.value("t_seconds_bucket", ["le": "0.001"]) == 2)
        #expect(exposition.value("t_seconds_bucket", ["le": "60"]) == 3)
        #expect(exposition.value("t_seconds_sum") == 0.0005 + 500_001 / 1e9 + 60)
    }

    @Test func aDestroyedSeriesIsGoneAndItsNameFree() throws {
        let kept = Counter(label: "n", dimensions: [("a", "1")], factory: registry)
        let counter = Counter(label: "n", dimensions: [("a", "2")], factory: registry)
        let gauge = Gauge(label: "g", factory: registry)
        let timer = Timer(label: "t", factory: registry)
        let meter = Meter(label: "m", factory: registry)
        kept.increment()
        counter.destroy()
        gauge.destroy()
        timer.destroy()
        meter.destroy()
        #expect(try read().families.filter { !$0.hasPrefix("process_") } == ["n_total"])
        #expect(try read().value("n_total", ["a": "1"]) == 1)
        #expect(try read().value("n_total", ["a": "2"]) == nil)
        // The name may be of another kind now.
        Recorder(label: "g", factory: registry).record(1)
        #expect(try read().types["g"] == "histogram")
    }

    /// Tight loops one after the other, long enough that threads meet in each of them even on
    /// few and busy cores.
    @Test func incrementsFromManyThreadsAddUpExactly() throws {
        let registry = registry
        let (threads, rounds) = (4, 500_000)
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            let whole = registry.makeCounter(label: "whole", dimensions: [])
            let float = registry.makeFloatingPointCounter(label: "float", dimensions: [])
            let gauge = registry.makeMeter(label: "gauge", dimensions: [])
            let histogram = registry.makeRecorder(label: "sizes", dimensions: [], aggregate: true)
            for _ in 0..<rounds { float.increment(by: 0.5) }
            for _ in 0..<rounds { whole.increment(by: Int64(thread)) }
            for _ in 0..<rounds {
                gauge.increment(by: 2)
                gauge.decrement(by: 1)
            }
            for round in 0..<rounds { histogram.record(Int64(round % 2048)) }
        }
        let exposition = try read()
        #expect(exposition.value("whole_total") == Double(rounds * threads * (threads - 1) / 2))
        #expect(exposition.value("float_total") == Double(rounds * threads) / 2)
        #expect(exposition.value("gauge") == Double(rounds * threads))
        #expect(exposition.value("sizes_count") == Double(rounds * threads))
        let sum = (0..<rounds).reduce(0) { $0 + $1 % 2048 } * threads
        #expect(exposition.value("sizes_sum") == Double(sum))
    }

    @Test func manyThreadsThatMeetANewSeriesShareIt() throws {
        let registry = registry
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for round in 0..<300 {
                let dimensions = [("round", "\(round)")]
                registry.makeCounter(label: "new", dimensions: dimensions).increment(by: 1)
            }
        }
        let new = try read().samples.filter { $0.name == "new_total" }
        #expect(new.count == 300)
        #expect(new.allSatisfy { $0.value == 8 })
    }

    /// A scrape in the midst of work is whole: the grammar holds a histogram's count to its
    /// buckets, and observations of 1 keep the sum at the count.
    @Test func aScrapeNeverSeesHalfAnObservation() throws {
        let registry = registry
        let histogram = registry.makeRecorder(label: "ones", dimensions: [], aggregate: true)
        DispatchQueue.concurrentPerform(iterations: 3) { thread in
            if thread > 0 {
                for _ in 0..<100_000 { histogram.record(Int64(1)) }
                return
            }
            for _ in 0..<50 {
                do {
                    let exposition = try ExpositionGrammar(registry.render())
                    #expect(exposition.value("ones_sum") == exposition.value("ones_count"))
                } catch {
                    Issue.record(error)
                }
            }
        }
        #expect(try read().value("ones_count") == 200_000)
    }
}
