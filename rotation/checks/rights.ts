import { type Raw, records } from "../../ground/raw";
import { closest, type Fault, foundText } from "../declaration/faults";
import { permissionFault, permissionPlaces } from "../permissions/permissions";

/** The permission without which a token cannot be asked who it is. */
const telling = "read_personal_access_token";

/** What is wrong with what tokens may do, where each value by itself is right. */
export function rightsFaults(token: Raw, path: string): readonly Fault[] {
  if (Object.keys(token).length === 0) return [];
  const { scopes, permissions, legacyReason } = token;
  if (scopes === undefined && permissions === undefined)
    return [
      {
        path: `${path}.permissions`,
        found: "nothing, and no scopes",
        expected: "what its tokens may do (or scopes, for legacy tokens)",
      },
    ];
  const both = scopes !== undefined && permissions !== undefined;
  const reasonless = legacyReason !== undefined && permissions !== undefined;
  return [
    ...(both ? [{ path: `${path}.scopes`, found: "permissions as well", expected: "one of them only" }] : []),
    ...(reasonless
      ? [{ path: `${path}.legacyReason`, found: foundText(legacyReason), expected: "nothing beside permissions" }]
      : []),
    ...blockFaults(permissions, `${path}.permissions`),
  ];
}

function blockFaults(permissions: unknown, path: string): readonly Fault[] {
  if (!Array.isArray(permissions)) return [];
  const blocks = records(permissions);
  const places = blocks.map((block) => permissionPlaces.filter((place) => block[place] !== undefined));
  return [
    ...blocks.flatMap((block, index) => faultsOf(block, places[index] ?? [], `${path}[${index}]`)),
    ...repeated(blocks, path),
    ...untold(blocks, path),
  ];
}

function faultsOf(block: Raw, places: readonly (typeof permissionPlaces)[number][], path: string): readonly Fault[] {
  const [place] = places;
  if (place === undefined || places.length > 1) {
    const found = places.length === 0 ? "none of them" : places.join(" and ");
    return [{ path, found, expected: `exactly one of ${permissionPlaces.join(", ")}` }];
  }
  const names = list(block.allow);
  const none = names.length === 0 && list(block.unlisted).length === 0;
  return [
    ...(none
      ? [{ path: `${path}.allow`, found: foundText(block.allow), expected: "at least one of permissions" }]
      : []),
    ...names.flatMap((name, index) => {
      if (typeof name !== "string") return [];
      const expected = permissionFault(name, place, closest);
      return expected === undefined ? [] : [{ path: `${path}.allow[${index}]`, found: foundText(name), expected }];
    }),
  ];
}

/** GitLab takes one scope for each group or project. */
function repeated(blocks: readonly Raw[], path: string): readonly Fault[] {
  const seen = new Set<string>();
  return blocks.flatMap((block, index) => {
    const key = JSON.stringify(permissionPlaces.map((place) => String(block[place] ?? "").toLowerCase()));
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ path: `${path}[${index}]`, found: "a second block for one place", expected: "both in one block" }];
  });
}

function untold(blocks: readonly Raw[], path: string): readonly Fault[] {
  const isTold = blocks.some((block) => block.user !== undefined && list(block.allow).includes(telling));
  if (isTold || blocks.length === 0) return [];
  const expected = `a block with user: true that allows ${telling}: without it no run can ask a token who it is, so none could be tested`;
  return [{ path, found: `no ${telling} for user`, expected }];
}

function list(raw: unknown): readonly unknown[] {
  return Array.isArray(raw) ? raw : [];
}
