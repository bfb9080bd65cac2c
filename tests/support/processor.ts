/** Time that this process has used its processor since the call, all threads, in milliseconds: a busy machine does not lengthen it. */
export function processorTime(): () => number {
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
}
