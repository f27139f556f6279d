import { type InputsOf, type OutputsOf, resource } from "./form/declared";
import { integer, preset, secret, text } from "./form/kinds";

export const openBaoSecret = resource(
  "OpenBaoSecret",
  "One key of a secret of the engine KV, version 2, in OpenBao or HashiCorp Vault. All other keys of the secret, and its custom metadata, stay as they are. It is never deleted.",
  {
    kept: {
      mount: preset(text("Where the engine is mounted."), "secret"),
      path: text("Path of the secret below the mount. One that is not there is made."),
      field: preset(text("The key that holds the value."), "token"),
      value: secret(text("What it is to hold.")),
    },
    inputs: {},
    outputs: {
      version: integer("The version of the secret that holds the value."),
    },
  },
);
export type OpenBaoSecretInputs = InputsOf<typeof openBaoSecret>;
export type OpenBaoSecretOutputs = OutputsOf<typeof openBaoSecret>;
