/// A compute thread's time for one work item: several steps, after which the thread looks for what should
/// come next.
package final class TimeSlice {
    /// What the thread keeps from one work item to the next.
    let resources: ThreadResources
    /// Where the work is shared, what helpers join.
    let shared: SharedSlice?
    /// Whether help pays in this slice's steps.
    var backoff = HelpBackoff()
    /// The most threads that took part in a step.
    private(set) var members = 1

    init(_ resources: ThreadResources, sharing shared: SharedSlice?) {
        self.resources = resources
        self.shared = shared
    }

    /// One step of shared work, with the helpers there are if they are wanted.
    ///
    /// - Returns: how many threads did it.
    func perform(_ step: Int, of work: any SharedWork, helped: Bool) -> Int {
        let count = (shared ?? SharedSlice(work)).perform(step, helped: helped)
        members = max(members, count)
        return count
    }
}
