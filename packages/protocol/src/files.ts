// What daemons and their callers keep on disk, without what speaks gRPC (70 ms to load): for commands that may call nobody.
export { dashboardKeyFileName, doctorFileName, parseDaemonReady, runFileName, type DaemonReady } from "./daemon-ready.ts";
export { makeAuthority, makeCertificate, type Certificate } from "./tls/certificate.ts";
export { TlsFileError } from "./tls/errors.ts";
export { readAuthorities, readPair } from "./tls/tls-files.ts";
