import type { Consumer, SecretTarget } from "../../contract/types/places";
import { block, list, text } from "../../rotation/declaration/form";
import { type DeclaredPlace, longName, type PlaceKind, together } from "../kind";

/** A key of a secret of the engine KV, version 2, in OpenBao or HashiCorp Vault. Its other keys stay as they are. */
export interface SecretDeclaration {
  /** Where the engine is mounted. @default "secret" */
  readonly mount: string;
  /** Path of the secret below the mount. One that is not there is made. */
  readonly path: string;
  /** The key that holds the token. @default "token" */
  readonly field: string;
}

/** What is meant where it is left out. */
const usual = { mount: "secret", field: "token" } as const;

const path = /^[^/\s?#]+(?:\/[^/\s?#]+)*$/;

/** A key of a secret in OpenBao or Vault. */
export const secret: PlaceKind<SecretTarget> = {
  kind: "secret",
  input: "secrets",
  isVault: true,
  isInJobs: false,
  written: list(
    block({
      mount: text('where the engine is mounted, without slashes around it, such as "secret"', path).default(
        usual.mount,
      ),
      path: text('the path of a secret below its mount, such as "ci/inventory", without "data/"', path),
      field: text("a text").default(usual.field),
    }),
    "blocks with mount, path and field",
  ),
  faults: () => [],
  key: ({ mount, path, field }) => together("secret", mount ?? usual.mount, path, field ?? usual.field),
  spelt: ({ mount, path, field }) => [mount ?? usual.mount, path, field ?? usual.field],
  title,
  of,
};

function title({ mount, path, field }: Consumer): string {
  return `key "${field}" of OpenBao secret "${mount}/${path}"`;
}

function of({ mount = usual.mount, path, field = usual.field }: SecretTarget): DeclaredPlace {
  const names: Consumer = { kind: "secret", mount, path, field };
  const words = title(names);
  const whole = `${mount}/${path}`;
  return {
    title: words,
    place: { ...names, title: words },
    isMade: false,
    isShown: false,
    type: "runbook:index:OpenBaoSecret",
    shortName: (account) => `${account}/${whole}/${field}`,
    longName: (account) => longName(account, { mount, path, field }),
    // A vault is named in a policy by its mount, or by a path below it.
    destination: { words: `secret "${whole}"`, isIn: (listed) => whole === listed || whole.startsWith(`${listed}/`) },
    attributes: {},
    objections: () => ({}),
  };
}
