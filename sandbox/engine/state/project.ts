import type { Crypter } from "./secrets";

/** A provider that the project brings along. */
export interface ProviderPlugin {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** What the engine needs of `Pulumi.yaml`. */
export interface Project {
  readonly name: string;
  /** The folder of `Pulumi.yaml`, absolute. */
  readonly directory: string;
  readonly runtime: string;
  readonly runtimeOptions: Readonly<Record<string, unknown>>;
  /** The program: absolute path of a folder or a file. */
  readonly program: string;
  readonly providers: readonly ProviderPlugin[];
  /** Where `Pulumi.<stack>.yaml` lies, absolute. */
  readonly stackConfigDirectory: string;
}

/** The project of a folder: `Pulumi.yaml` there or in the nearest folder above. */
export declare function readProject(directory: string): Project;

/** Configuration as a program receives it. */
export interface ProgramConfig {
  /** By `<namespace>:<key>`; structured values as JSON. Goes to `PULUMI_CONFIG` and to `GetRootResource`'s peers as it is. */
  readonly values: Readonly<Record<string, string>>;
  /** Those whose value is secret, wholly or in part. */
  readonly secretKeys: readonly string[];
}

/** `Pulumi.<stack>.yaml`. What was not changed is written back as it was, comments included. */
export declare class StackSettings {
  /** Settings of a stack, empty when the file does not exist. `configFile` is `--config-file`. */
  static read(project: Project, stack: string, configFile?: string): StackSettings;
  readonly path: string;
  /** `encryptionsalt`. */
  get salt(): string | undefined;
  set salt(salt: string);
  /** Whether any value is secret, so that a crypter is needed. */
  get hasSecrets(): boolean;
  /** Keys without a namespace get the project's. */
  set(key: string, value: string, crypter?: Crypter): void;
  remove(key: string): void;
  /** Throws when a value is secret and there is no crypter. */
  config(crypter?: Crypter): ProgramConfig;
  write(): Promise<void>;
}
