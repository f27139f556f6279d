/** How 1Password is to think of a password. */
export interface PasswordRecipe {
  readonly length?: number;
  readonly letters?: boolean;
  readonly digits?: boolean;
  readonly symbols?: boolean;
}

/** A field of a section. */
export interface SectionField {
  readonly id?: string;
  readonly label: string;
  readonly purpose?: string;
  readonly type?: string;
  readonly value?: string;
  readonly passwordRecipe?: PasswordRecipe;
}

/** A named group of fields. */
export interface SectionInputs {
  readonly id?: string;
  readonly label: string;
  readonly fields?: readonly SectionField[];
}

/** A whole item that this resource makes and keeps. */
export interface ItemInputs {
  readonly vault: string;
  readonly category: string;
  readonly title?: string;
  readonly tags?: readonly string[];
  readonly url?: string;
  readonly username?: string;
  readonly password?: string;
  readonly passwordRecipe?: PasswordRecipe;
  readonly noteValue?: string;
  readonly hostname?: string;
  readonly database?: string;
  readonly port?: string;
  readonly type?: string;
  readonly credential?: string;
  readonly expiresAt?: string;
  readonly validFrom?: string;
  readonly sections?: readonly SectionInputs[];
}

/** The inputs, and what 1Password made of them. */
export interface ItemOutputs extends ItemInputs {
  readonly title: string;
  readonly uuid: string;
  readonly vaultUuid: string;
}
