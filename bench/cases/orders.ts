// Records as applications have them: ids, repeated and unique strings, a nested object, a list, optional fields.

/** So many different ones cross the wire, again and again. */
export const ordersPeriod = 32_768;

export function order(i: number): Record<string, unknown> {
  const h = Math.imul(i, 0x9e3779b1) >>> 0;
  const order: Record<string, unknown> = {
    id: `order-${h.toString(36)}-${i}`, country: ["de", "fr", "cn", "us"][h % 4], total: (h % 100_000) / 100,
    customer: { name: `Customer ${h % 5000}`, vip: h % 10 === 0, since: 1_600_000_000_000 + (h % 100_000_000) },
    items: Array.from({ length: 1 + (h % 4) }, (_x, j) => ({ sku: `sku-${(h >>> j) % 300}`, quantity: 1 + (j % 3) })),
  };
  if (h % 3 === 0) order["coupon"] = `SAVE${h % 20}`;
  if (h % 5 === 0) order["note"] = null;
  return order;
}
