import {
  approvedCommand,
  completionCommand,
  demoCommand,
  heartbeatCommand,
  notesCommand,
  sandboxCommand,
  schemaCommand,
  sdksCommand,
} from "./behind";
import { emergencyCommand, proposeCommand, renewCommand, retryCommand } from "./changing";
import type { Command } from "./command";
import { doctorCommand, healthCommand, planCommand } from "./looking";
import { destroyCommand, previewCommand, refreshCommand, upCommand } from "./running";
import { statusCommand } from "./standing";
import { auditCommand, inventoryCommand, whoCanReadCommand } from "./surveying";

/** Every command, in the order in which they are told. */
export const commands: readonly Command[] = [
  planCommand,
  previewCommand,
  upCommand,
  statusCommand,
  healthCommand,
  doctorCommand,
  proposeCommand,
  renewCommand,
  retryCommand,
  emergencyCommand,
  auditCommand,
  inventoryCommand,
  whoCanReadCommand,
  refreshCommand,
  destroyCommand,
  demoCommand,
  sandboxCommand,
  completionCommand,
  approvedCommand,
  notesCommand,
  heartbeatCommand,
  sdksCommand,
  schemaCommand,
];

/** The command of a name. */
export function commandOf(name: string): Command | undefined {
  return commands.find((one) => one.name === name);
}
