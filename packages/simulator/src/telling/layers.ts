/** Where an attack comes from, or what fails in it: the layers that a drill may put into other hands. */
export const LAYERS = [
  "oracle",
  "matching",
  "risk",
  "clearing",
  "governance",
  "vault",
  "security",
  "tier",
  "keepers",
  "sequencer",
] as const;
export type AttackedLayer = (typeof LAYERS)[number];
