// What a worker may call a file of its snapshot: a name that leads to no other folder.

const safe = /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$/;

export const isStateFileName = (name: string): boolean => safe.test(name) && !name.includes("..");
