// Original file: proto/ray/ray_client.proto

export const Type = {
  DEFAULT: 'DEFAULT',
} as const;

export type Type =
  | 'DEFAULT'
  | 0

export type Type__Output = typeof Type[keyof typeof Type]
