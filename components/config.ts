import * as pulumi from "@pulumi/pulumi";
import { parseSettings, type Settings, SettingsError } from "../rotation/settings";

/**
 * The settings of the stack (`Pulumi.<stack>.yaml`, namespace `pat-rotation`), read and checked in one go.
 *
 * @throws `RunError` with every fault and its path, before anything is registered: nothing is touched.
 */
export function declared(config: pulumi.Config): Settings {
  try {
    return parseSettings({
      fleet: config.get("fleet"),
      freezes: config.getObject("freezes"),
      accounts: config.getObject("accounts"),
    });
  } catch (cause) {
    if (cause instanceof SettingsError) {
      throw new pulumi.RunError(cause.message);
    }
    throw cause;
  }
}
