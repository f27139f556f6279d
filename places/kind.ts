import type { z } from "zod";
import type { Consumer } from "../contract/types/places";
import type { Raw } from "../ground/raw";
import type { Fault } from "../rotation/declaration/faults";

/** The inputs of an account's resource that have its places. */
export type Input = "items" | "variables" | "secrets";

/** A kind of place that holds a token, as far as the files tell: how it is declared, called, and told from every other. */
export interface PlaceKind<T extends object> {
  /** How places of this kind are told from those of another in what resources are given. */
  readonly kind: Consumer["kind"];
  /** The input of the account's resource that has them. */
  readonly input: Input;
  /** Whether people look the token up there: a lost one can be restored from it. */
  readonly isVault: boolean;
  /** Whether GitLab hands what it holds to jobs: other variables may then count before it. */
  readonly isInJobs: boolean;
  /** How an account's settings write them: a list. */
  readonly written: z.ZodType<readonly T[]>;
  /** What is wrong with one as it is written, when each value by itself is right. */
  faults(raw: unknown, path: string): readonly Fault[];
  /** One text for one place, however it was written; nothing where that is incomplete. */
  key(raw: Raw): string | undefined;
  /** What tells it from others, as it is written. */
  spelt(raw: Raw): readonly unknown[];
  /** The place in words, by its names or by its ids. The one wording: people read it everywhere. */
  title(place: Consumer): string;
  /** One as it is declared. */
  of(target: T): DeclaredPlace;
  /** For a kind of which the files alone cannot always tell whether two are one. */
  readonly doubt?: {
    /** Whether two may be one, which are not spelt alike. */
    mayBeSame(one: T, other: T): boolean;
    /** Sorts places so that only few need be compared: two that may be one have the same `place`, or different `form`s. */
    sorted(one: T): { readonly place: string; readonly form: string };
  };
}

/** The policies that a place itself can offend. */
export type PlacePolicy = "proof-for-every-consumer" | "masked-variables" | "concealed-fields";

/** Where a token goes with a place: into a namespace of GitLab's (none: the instance), or into a vault. */
export type Destination =
  | { readonly words: string; readonly namespace: string | undefined }
  | { readonly words: string; isIn(listed: string): boolean };

/** A place as it is declared: all that is known of it without a server. */
export interface DeclaredPlace {
  /** In words. */
  readonly title: string;
  /** By its names, as the steps of a rotation address it before its own resource is there. */
  readonly place: Consumer;
  /** Its own resource makes it, with the first rotation. */
  readonly isMade: boolean;
  /** It is declared that all who see the place see the token. */
  readonly isShown: boolean;
  /** Pulumi's type of its resource. */
  readonly type: string;
  /** The name of its resource, where no other place of the account has it. */
  shortName(account: string, token: string): string;
  /** The name of its resource that no other place has. */
  longName(account: string): string;
  readonly destination: Destination;
  /** What it declares that changes without its being another place. */
  readonly attributes: object;
  /** What policies object to in it, in sentences. */
  objections(proof: readonly { readonly project: string }[]): Readonly<Partial<Record<PlacePolicy, string>>>;
}

/** A resource's name in which every part is named, and without a slash: no two places have the same. */
export function longName(account: string, parts: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parts).flatMap(([name, part]) => (part === undefined ? [] : [[name, part] as const]));
  const escaped = (part: string) => part.replaceAll("%", "%25").replaceAll("/", "%2F");
  return [account, ...given.map(([name, part]) => `${name}=${escaped(part)}`)].join("/");
}

/** One text of several parts; undefined unless all are texts: what is incomplete is no second place. */
export function together(...parts: readonly unknown[]): string | undefined {
  return parts.every((part) => typeof part === "string") ? JSON.stringify(parts) : undefined;
}
