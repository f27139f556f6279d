/** What was looked up, by its subject. Asked for twice at once, it is looked up once; what fails is looked up again. */
export class Memory<V = unknown> {
  readonly #found = new Map<string, Promise<V>>();

  /** What is known of a subject, or what looking it up finds. */
  remember<T extends V>(subject: string, load: () => Promise<T>): Promise<T> {
    const known = this.#found.get(subject);
    // A subject stands for one kind of thing.
    if (known !== undefined) return known as Promise<T>;
    const loading = load();
    this.#found.set(subject, loading);
    loading.catch(() => this.#found.delete(subject));
    return loading;
  }

  /** Has a subject looked up again when it is next asked for. */
  forget(subject: string): void {
    this.#found.delete(subject);
  }
}
