import { isAlias, isMap, isScalar, isSeq, type Scalar } from "yaml";
import { Growth } from "./growth";

/** The way to a part of a file: keys of blocks, positions in lists. */
export type Keys = readonly (string | number)[];

/** What stands in a YAML file and has no meaning. */
export class Meaningless extends Error {
  override readonly name = "Meaningless";
}

/** What the scalars of a kind of file are. */
export interface Reading<S> {
  /** The value of one that stands at a place. */
  scalar(node: Scalar, keys: Keys): S;
  /** One as the key of a block that stands at a place. */
  key(node: Scalar, keys: Keys): string;
}

/** A value of a YAML file. */
export type Value<S> = S | null | readonly Value<S>[] | { readonly [key: string]: Value<S> };

/**
 * What a document holds: aliases followed, merge keys merged, in quotes or not. The keys of a block itself outrank those that
 * it merges, and of these the first do.
 *
 * @throws {@link Meaningless}
 */
export function evaluate<S>(root: unknown, reading: Reading<S>): Value<S> {
  return new Evaluation(root, reading).value(root, []);
}

class Evaluation<S> {
  /** What each alias stands for: the last anchor of that name before it. */
  readonly #sources = new Map<object, unknown>();
  readonly #open = new Set<unknown>();
  readonly #growth = new Growth();
  readonly #reading: Reading<S>;

  constructor(root: unknown, reading: Reading<S>) {
    this.#reading = reading;
    this.#bind(root, new Map());
  }

  #bind(node: unknown, anchors: Map<string, unknown>): void {
    if (isAlias(node)) {
      if (!anchors.has(node.source)) throw new Meaningless(`*${node.source}, and nothing before it has that name`);
      this.#sources.set(node, anchors.get(node.source));
      return;
    }
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isSeq(node)) for (const item of node.items) this.#bind(item, anchors);
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      this.#bind(key, anchors);
      this.#bind(value, anchors);
    }
  }

  value(node: unknown, keys: Keys): Value<S> {
    this.#growth.step();
    if (isAlias(node)) return this.#through(node, (source) => this.value(source, keys));
    if (isSeq(node)) return node.items.map((item, index) => this.value(item, [...keys, index]));
    if (isScalar(node)) return this.#reading.scalar(node, keys);
    if (!isMap(node)) return null;
    const result = new Map<string, Value<S>>();
    this.#fill(result, node, keys);
    return Object.fromEntries(result);
  }

  /** Adds the pairs of a block whose keys are not there yet; then those of the blocks that it merges. */
  #fill(result: Map<string, Value<S>>, node: unknown, keys: Keys): void {
    if (!isMap(node)) throw new Meaningless("a merge key (<<) with something else than a block, or a list of blocks");
    const merged: unknown[] = [];
    for (const { key, value } of node.items) {
      const name = this.#key(key, keys);
      if (name === "<<") merged.push(...(isSeq(value) ? value.items : [value]));
      else if (!result.has(name)) result.set(name, this.value(value, [...keys, name]));
    }
    for (const one of merged) {
      if (isAlias(one)) this.#through(one, (source) => this.#fill(result, source, keys));
      else this.#fill(result, one, keys);
    }
  }

  #through<T>(alias: { readonly source: string }, read: (source: unknown) => T): T {
    const source = this.#sources.get(alias);
    if (this.#open.has(source)) throw new Meaningless(`*${alias.source}, which holds itself`);
    this.#open.add(source);
    const result = this.#growth.aliased(() => read(source));
    this.#open.delete(source);
    return result;
  }

  #key(node: unknown, keys: Keys): string {
    this.#growth.step();
    const source = isAlias(node) ? this.#sources.get(node) : node;
    if (isScalar(source)) return this.#reading.key(source, keys);
    throw new Meaningless("a block or a list for a key");
  }
}
