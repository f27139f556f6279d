import { parsed, type Raw, record, records } from "../../ground/raw";
import { writtenPlaces } from "../../places/declared";
import { foundText, type LocatedFault, type Place, within } from "../declaration/faults";
import { membershipKey } from "../declaration/sameness";
import * as schema from "../declaration/schema";
import { placeNames } from "./names";

/** Something that only one may have. */
interface Claim {
  /** The same for all that claim one thing; nothing where it cannot be read. */
  readonly key: string | undefined;
  /** How it is written. */
  readonly shown: string;
  readonly path: string;
  /** The position of its account. */
  readonly index: number;
  /** What to write instead. @default "each one only once" */
  readonly expected?: string;
}

/** Of two accounts of one name nobody can say which one the tokens belong to: the fault is the whole stack's. */
export function nameFaults(accounts: readonly Raw[], place: Place): readonly LocatedFault[] {
  return shared(
    accounts.map(({ name }, index) => ({ key: text(name), ...told(name), path: within(place(index), "name"), index })),
  );
}

/**
 * What two accounts, or two lines of one, must not share: a place, which they would set by turns; a hand-made token, which
 * one would revoke in the other's places; a name before, or a name of a resource, which would stop all accounts half-way.
 */
export function sharedFaults(accounts: readonly Raw[], place: Place): readonly LocatedFault[] {
  const names = accounts.map(({ name }) => name);
  return shared(
    accounts.flatMap((one, index) => {
      const at = (path: string) => ({ path: within(place(index), path), index });
      // Accounts of one name have resources of one name: that is told of the accounts.
      const named = names.indexOf(one.name) === index ? resources(one, at) : [];
      return [...places(one, at), ...memberships(one, at), ...identities(one, at), ...named];
    }),
  );
}

type At = (path: string) => Pick<Claim, "path" | "index">;

function places(account: Raw, at: At): readonly Claim[] {
  return writtenPlaces(account).map(({ kind, raw, path }) => {
    const one = record(raw);
    return { key: kind.key(one), shown: listed(...kind.spelt(one)), ...at(path) };
  });
}

/** Two accounts may well be members of one group. */
function memberships({ account }: Raw, at: At): readonly Claim[] {
  return records(record(record(account).own).memberships).map((membership, position) => {
    const where = at(`account.own.memberships[${position}]`);
    const key = membershipKey(membership);
    return {
      key: key === undefined ? key : `${where.index} ${key}`,
      shown: listed(membership.group ?? membership.project),
      ...where,
    };
  });
}

function identities({ formerly, adopt }: Raw, at: At): readonly Claim[] {
  const id = parsed(schema.tokenId, record(adopt).tokenId);
  return [
    {
      key: typeof formerly === "string" ? `formerly ${formerly}` : undefined,
      ...told(formerly),
      ...at("formerly"),
      expected: "the name that this account had before, and no other one",
    },
    {
      key: id === undefined ? undefined : `token ${id}`,
      ...told(id),
      ...at("adopt.tokenId"),
      expected: "each token in one account only: the account that first retires it revokes it for the other as well",
    },
  ];
}

/** Names that are spelt to be alike: there is no other way left to tell the places apart. */
function resources(account: Raw, at: At): readonly Claim[] {
  const whole = parsed(schema.named, account);
  if (whole === undefined) return [];
  return placeNames(whole).map(({ type, name, path }) => {
    const expected =
      "a place whose name in Pulumi no other one has: leave the slashes out of its title, field or scope";
    return { key: `${type} ${name}`, ...told(name), ...at(path), expected };
  });
}

function shared(claims: readonly Claim[]): readonly LocatedFault[] {
  const seen = new Map<string, Claim>();
  const reported = new Set<string>();
  return claims.flatMap((one) => {
    const { key, shown, path, index, expected = "each one only once" } = one;
    if (key === undefined) return [];
    const before = seen.get(key);
    if (before === undefined) {
      seen.set(key, one);
      return [];
    }
    // One place has one name: that is told once.
    if (reported.has(path)) return [];
    reported.add(path);
    const otherwise = before.shown === shown ? "" : `, as ${before.shown}`;
    const found = `${shown}, which ${before.path} has as well${otherwise}`;
    return [{ path, found, expected, accounts: [...new Set([before.index, index])] }];
  });
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function told(value: unknown): Pick<Claim, "shown"> {
  return { shown: foundText(value) };
}

function listed(...parts: readonly unknown[]): string {
  return foundText(parts.filter((part) => typeof part === "string" && part !== "").join(", "));
}
