/** Counts this process's own processor time from now on, in milliseconds: what else the machine does counts for nothing. */
export function workSince(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000;
  };
}
