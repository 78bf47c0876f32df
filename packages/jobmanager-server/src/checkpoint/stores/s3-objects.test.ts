import { Secret } from "@sage/core";
import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeTempDir } from "../../testing/test-daemon.ts";
import { S3Objects } from "./s3-objects.ts";

const secret = "a secret key";
const sha256 = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");

/** A server that answers what it is told, and the objects that ask it. */
async function asked(answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void, options: { readonly partBytes?: number } = {}) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => answer(request, response, Buffer.concat(chunks)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const objects = new S3Objects({ bucket: "bucket", prefix: "", endpoint: `http://127.0.0.1:${port}`, region: "eu-1", accessKeyId: "ID", secretAccessKey: new Secret(secret), sessionToken: new Secret("session") }, options);
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

test("a file larger than a part goes in parts, each signed and hashed; a part that fails is sent again, and one that is refused gives the upload up", async () => {
  await using dir = await makeTempDir();
  const path = join(dir.path, "file");
  const bytes = Buffer.from("0123456789".repeat(5).slice(0, 45));
  await writeFile(path, bytes);
  const seen: string[] = [];
  let isRefused = false;
  let failures = 1;
  await using server = await asked((request, response, body) => {
    const { method, url = "" } = request;
    seen.push(`${method} ${url} ${request.headers["content-length"] ?? ""} ${body.toString()}`);
    if (!request.headers.authorization?.endsWith(`Signature=${signatureOf(request)}`) || request.headers["x-amz-content-sha256"] !== sha256(body)) response.statusCode = 403;
    else if (url.includes("partNumber=2&")) response.statusCode = isRefused ? 400 : failures-- > 0 ? 503 : 200;
    response.setHeader("etag", `"${sha256(body).slice(0, 4)}"`);
    response.end(url.endsWith("?uploads=") ? "<R><UploadId>up&amp;1</UploadId></R>" : "");
  }, { partBytes: 20 });
  await server.objects.putFile("a", path, sha256(bytes), bytes.length);
  const parts = [bytes.subarray(0, 20), bytes.subarray(20, 40), bytes.subarray(40)].map((part, i) => ({ part, n: i + 1 }));
  const put = ({ part, n }: (typeof parts)[number]) => `PUT /bucket/a?partNumber=${n}&uploadId=up%261 ${part.length} ${part.toString()}`;
  const list = `<CompleteMultipartUpload>${parts.map(({ part, n }) => `<Part><PartNumber>${n}</PartNumber><ETag>"${sha256(part).slice(0, 4)}"</ETag></Part>`).join("")}</CompleteMultipartUpload>`;
  expect(seen).toEqual(["POST /bucket/a?uploads= 0 ", put(parts[0]!), put(parts[1]!), put(parts[1]!), put(parts[2]!), `POST /bucket/a?uploadId=up%261 ${list.length} ${list}`]);
  isRefused = true;
  await expect(server.objects.putFile("a", path, sha256(bytes), bytes.length)).rejects.toMatchObject({ code: "SAGE_CHECKPOINT_STORE_FAILED", status: 400 });
  expect(seen.at(-1)).toBe("DELETE /bucket/a?uploadId=up%261  ");
  isRefused = false;
  await expect(server.objects.putFile("a", path, sha256("another"), bytes.length)).rejects.toMatchObject({ code: "SAGE_CHECKPOINT_DAMAGED", message: expect.stringContaining(path) as string });
  expect(seen.at(-1)).toBe("DELETE /bucket/a?uploadId=up%261  ");
});
