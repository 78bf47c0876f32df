import { Secret } from "@sage/core";
import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { S3Objects } from "./s3-objects.ts";

const secret = "a secret key";
const sha256 = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");

/** A server that answers what it is told, and the objects that ask it. */
async function asked(answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => answer(request, response, Buffer.concat(chunks)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const objects = new S3Objects({ bucket: "bucket", prefix: "", endpoint: `http://127.0.0.1:${port}`, region: "eu-1", accessKeyId: "ID", secretAccessKey: new Secret(secret), sessionToken: new Secret("session") });
  return { objects, [Symbol.asyncDispose]: async () => { server.close(); server.closeAllConnections(); await once(server, "close"); } };
}

/** By the rules of AWS, "Authenticating Requests (AWS Signature Version 4)", written down here once more. */
function signatureOf({ method, url, headers }: IncomingMessage): string {
  const [, scope = "", names = ""] = /Credential=ID\/([^,]+), SignedHeaders=([^,]+), /.exec(headers.authorization ?? "") ?? [];
  const [path, query = ""] = url!.split("?");
  const canonical = [method, path, query.split("&").sort().join("&"), ...names.split(";").map((name) => `${name}:${String(headers[name])}`), "", names, headers["x-amz-content-sha256"]].join("\n");
  const [day = "", region = "", service = ""] = scope.split("/");
  const toSign = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  return hmac(hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), "aws4_request"), toSign).toString("hex");
}

test("what is sent is signed, with its length and its hash", async () => {
  const seen: string[] = [];
  const wrong: string[] = [];
  await using server = await asked((request, response, body) => {
    wrong.push(...[
      request.headers.authorization?.endsWith(`Signature=${signatureOf(request)}`) ? [] : ["signature"],
      request.headers["x-amz-content-sha256"] === sha256(body) ? [] : ["hash"],
      request.headers["x-amz-security-token"] === "session" ? [] : ["token"],
    ].flat().map((what) => `${what} of ${request.method} ${request.url}`));
    seen.push(`${request.method} ${request.url} ${request.headers["content-length"] ?? ""} ${body.toString()}`);
    response.end("<ListBucketResult></ListBucketResult>");
  });
  await server.objects.putText("a/b.c", "hello");
  await server.objects.list("a b/&");
  await server.objects.delete("a/b.c");
  expect(wrong).toEqual([]);
  expect(seen).toEqual(["PUT /bucket/a/b.c 5 hello", "GET /bucket?list-type=2&prefix=a%20b%2F%26  ", "DELETE /bucket/a/b.c  "]);
});

test("a list goes on over its pages", async () => {
  await using server = await asked((request, response) => {
    const isSecond = request.url!.includes("continuation-token=next%3D");
    response.end(isSecond ? "<L><IsTruncated>false</IsTruncated><Contents><Key>b&amp;c</Key></Contents></L>" : "<L><IsTruncated>true</IsTruncated><Contents><Key>a</Key></Contents><NextContinuationToken>next=</NextContinuationToken></L>");
  });
  expect(await server.objects.list("")).toEqual(["a", "b&c"]);
});

test("what fails in the server is tried again, what is refused is not, and the error has the server's words", async () => {
  let calls = 0;
  await using server = await asked((request, response) => {
    calls++;
    if (request.url!.endsWith("/shaky")) response.statusCode = calls < 3 ? 503 : 200;
    else response.statusCode = 403;
    response.end("<Error><Code>AccessDenied</Code><Message>Not you.</Message></Error>");
  });
  await server.objects.putText("shaky", "x");
  expect(calls).toBe(3);
  await expect(server.objects.putText("mine", "x")).rejects.toMatchObject({ code: "SAGE_CHECKPOINT_STORE_FAILED", status: 403, message: expect.stringMatching(/write mine: 403 Not you\./), hint: expect.stringMatching(/credentials/) });
  expect(calls).toBe(4);
});

test("a file that one request cannot put is refused before anything is sent", async () => {
  let requests = 0;
  await using at = await asked((_request, response) => {
    requests++;
    response.end();
  });
  await expect(at.objects.putFile("job/files/a", "/nowhere", sha256(""), 5 * 1024 ** 3 + 1)).rejects.toMatchObject({ code: "SAGE_STATE_FILE_TOO_LARGE", message: "the checkpoint store takes objects of at most 5 GiB, and job/files/a has 5.0 GiB" });
  expect(requests).toBe(0);
});
