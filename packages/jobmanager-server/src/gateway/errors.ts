// What a caller of the http door can do wrong.

import { SageError } from "@sage/core";

export class NoSessionError extends SageError {
  constructor() {
    super("this page has no session with the daemon", { code: "SAGE_UNAUTHENTICATED", fault: "user", hint: "Open the link that `sage dashboard` prints; it works once." });
  }
}

export class ForeignCallerError extends SageError {
  constructor(what: string) {
    super(`the request was refused: ${what}`, { code: "SAGE_FORBIDDEN", fault: "user", hint: "Open the dashboard at 127.0.0.1, through `sage dashboard`." });
  }
}

export class BadRequestError extends SageError {
  constructor(what: string) {
    super(`the request cannot be understood: ${what}`, { code: "SAGE_REQUEST_INVALID", fault: "user" });
  }
}

export class PageNotFoundError extends SageError {
  constructor(path: string) {
    super(`there is nothing at ${JSON.stringify(path.slice(0, 200))}`, { code: "SAGE_PAGE_NOT_FOUND", fault: "user" });
  }
}
