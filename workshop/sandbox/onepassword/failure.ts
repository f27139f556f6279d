/** An answer other than the one hoped for, in Connect's words. */
export class Failure extends Error {
  override readonly name = "Failure";

  constructor(
    readonly status: 400 | 401 | 403 | 404,
    readonly text: string,
  ) {
    super(`answered ${status}`);
  }
}
