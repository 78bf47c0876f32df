// The logger as a port; its fields are data, not text.

export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** A logger that hands each line to `write`. */
export function loggerTo(write: (level: LogLevel, message: string, fields: LogFields) => void): Logger {
  const at = (level: LogLevel) => (message: string, fields: LogFields = {}) => write(level, message, fields);
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

export const silentLogger: Logger = loggerTo(() => {});
