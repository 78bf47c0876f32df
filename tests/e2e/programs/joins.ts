// Joins by key, inner and left, over sources whose classes have any name; one side may be empty.
import { BatchFunction, environment } from "@sage/pipeline";

class Anything extends BatchFunction<{ id: number; item: string }> {
  at = 0;
  execute(): { id: number; item: string } | null {
    const orders = [{ id: 1, item: "a" }, { id: 2, item: "b" }, { id: 1, item: "c" }, { id: 9, item: "d" }];
    return orders[this.at++] ?? null;
  }
}
class Whatever extends BatchFunction<{ id: number; name: string }> {
  at = 0;
  execute(): { id: number; name: string } | null {
    return [{ id: 1, name: "Ann" }, { id: 2, name: "Bob" }, { id: 1, name: "Amy" }][this.at++] ?? null;
  }
}

const env = environment("joins", { parallelism: 2 });
const orders = env.fromBatch(Anything).keyBy((order) => order.id);
const users = env.fromBatch(Whatever).keyBy((user) => user.id);
const nobody = env.fromIterable<{ id: number; name: string }>([]).keyBy((user) => user.id);
const inner = orders.connect(users).join((order, user) => `${order.item}:${user.name}`).collect();
const left = orders.connect(users).join((order, user) => `${order.item}:${user?.name ?? "-"}`, { type: "left" }).collect();
const empty = orders.connect(nobody).join((order, user) => `${order.item}:${user.name}`).collect();
const [, a, b, c] = await Promise.all([env.submit({ autostop: true }), inner.toArray(), left.toArray(), empty.toArray()]);
console.log(JSON.stringify({ inner: a.toSorted(), left: b.toSorted(), empty: c }));
await env.close();
