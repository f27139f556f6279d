/** How one thing is read out of an answer. */
export type Read<T> = (shape: Shape) => T;

/** Takes nothing out of an answer. */
export const nothing: Read<void> = () => {};

/** An answer of GitLab, of which only what is needed is looked at, and that strictly. Values never enter an error. */
export class Shape {
  readonly #value: Readonly<Record<string, unknown>>;

  constructor(
    value: unknown,
    /** The request that it answers, for errors. */
    private readonly request: string,
  ) {
    this.#value = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  }

  /** The members of an answer that is a list. */
  static list(value: unknown, request: string): Shape[] {
    if (!Array.isArray(value)) throw unexpected(request, "no list");
    return value.map((member) => new Shape(member, request));
  }

  /** @throws where there is no text. */
  text(name: string): string {
    const value = this.#value[name];
    if (typeof value !== "string") throw unexpected(this.request, `no text "${name}"`);
    return value;
  }

  /** A text; undefined where there is something else, such as null. */
  optionalText(name: string): string | undefined {
    const value = this.#value[name];
    return typeof value === "string" ? value : undefined;
  }

  /** @throws where there is no whole number. */
  integer(name: string): number {
    const value = this.#value[name];
    if (typeof value !== "number" || !Number.isInteger(value)) throw unexpected(this.request, `no number "${name}"`);
    return value;
  }

  /** Whether it is true; what is not there is false. */
  flag(name: string): boolean {
    return this.#value[name] === true;
  }

  /**
   * The texts in a list; its other members are passed over.
   *
   * @throws where there is no list.
   */
  texts(name: string): string[] {
    const value = this.#value[name];
    if (!Array.isArray(value)) throw unexpected(this.request, `no list "${name}"`);
    return value.filter((member) => typeof member === "string");
  }

  /** A thing inside this one, unless it is absent or null. */
  optional<T>(name: string, read: Read<T>): T | undefined {
    const value = this.#value[name];
    return typeof value === "object" && value !== null ? read(new Shape(value, this.request)) : undefined;
  }
}

function unexpected(request: string, found: string): Error {
  return new Error(
    `reading the answer to ${request}: there is ${found} in it. Check that "GITLAB_BASE_URL" is the address of a GitLab, and that no proxy answers in its place`,
  );
}
