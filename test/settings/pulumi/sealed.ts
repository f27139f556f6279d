/** A secret of the sandbox's passphrase, which is public and opens nothing else. */
export const sealed = {
  passphrase: "sandbox",
  salt: "v1:2h65lA2wIz4=:v1:80OMi8hBIniYK+nO:9gHuk22XF9+4f/tYoGIRHtpbsyXQ3w==",
  word: "v1:igka6+6GoMWTlZTc:9uGHDek5ysF3qVbWt3w/OJn5paYMWvQt/gPdRp4=",
  opened: "hello <world>",
} as const;
