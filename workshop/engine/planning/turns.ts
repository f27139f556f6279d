import PQueue from "p-queue";

/** Works on so many things at a time, first come first served. Nothing new begins once the run is stopped. */
export class Turns extends PQueue {
  constructor(
    concurrency: number,
    private readonly stop: AbortSignal,
  ) {
    super({ concurrency });
  }

  /** Does something when its turn comes. */
  take<T>(work: () => Promise<T>): Promise<T> {
    return this.add(() => {
      this.stop.throwIfAborted();
      return work();
    });
  }
}
