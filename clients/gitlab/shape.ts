import { StrangeAnswer } from "../http";

/** How one thing is read out of an answer. */
export type Read<T> = (shape: Shape) => T;

/** What was asked, for errors. */
export interface Request {
  readonly method: string;
  /** Without query. */
  readonly path: string;
}

/** An answer of GitLab, of which only what is needed is looked at, and that strictly. Values never enter an error. */
export class Shape {
  readonly #value: Readonly<Record<string, unknown>>;

  constructor(
    value: unknown,
    /** The request that it answers. */
    private readonly request: Request,
  ) {
    this.#value = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  }

  /** The members of an answer that is a list. */
  static list(value: unknown, request: Request): Shape[] {
    if (!Array.isArray(value)) throw strange(request, "there is no list in GitLab's answer");
    return value.map((member) => new Shape(member, request));
  }

  /** @throws where there is no text. */
  text(name: string): string {
    const value = this.#value[name];
    if (typeof value !== "string") throw strange(this.request, `there is no text "${name}" in GitLab's answer`);
    return value;
  }

  /** @throws where there is no text, or an empty one. */
  filled(name: string): string {
    const value = this.text(name);
    if (value === "") throw strange(this.request, `there is no text "${name}" in GitLab's answer`);
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
    if (typeof value !== "number" || !Number.isInteger(value))
      throw strange(this.request, `there is no number "${name}" in GitLab's answer`);
    return value;
  }

  /** A whole number; undefined where there is something else, such as null. */
  optionalInteger(name: string): number | undefined {
    const value = this.#value[name];
    return typeof value === "number" && Number.isInteger(value) ? value : undefined;
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
    if (!Array.isArray(value)) throw strange(this.request, `there is no list "${name}" in GitLab's answer`);
    return value.filter((member) => typeof member === "string");
  }

  /** The things in a list; undefined where there is no list, as where it is not for us. */
  optionalList<T>(name: string, read: Read<T>): T[] | undefined {
    const value = this.#value[name];
    return Array.isArray(value) ? Shape.list(value, this.request).map(read) : undefined;
  }

  /**
   * What was sent, or asked for, and has to come back.
   *
   * @throws where there is something else.
   */
  same(name: string, sent: string | number): void {
    if (this.#value[name] !== sent) throw strange(this.request, `GitLab's answer has another "${name}" than was sent`);
  }

  /**
   * What must not come back, since something new was to be made.
   *
   * @throws where it does.
   */
  other(name: string, old: number): void {
    if (this.#value[name] === old) throw strange(this.request, `GitLab's answer has the "${name}" of what was there`);
  }

  /** A thing inside this one, unless it is absent or null. */
  optional<T>(name: string, read: Read<T>): T | undefined {
    const value = this.#value[name];
    return typeof value === "object" && value !== null ? read(new Shape(value, this.request)) : undefined;
  }
}

/** The error that an answer is which GitLab does not give to such a request. */
export function strange({ method, path }: Request, found: string): StrangeAnswer {
  const advice = 'Check that "GITLAB_BASE_URL" is the address of a GitLab, and that no proxy answers in its place';
  return new StrangeAnswer({ service: "GitLab", method, path }, `${found}. ${advice}`);
}
