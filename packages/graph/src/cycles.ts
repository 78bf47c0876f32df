// Strongly connected components with more than one node or a self-loop.
// Source: R. Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Computing 1(2), 1972; without recursion,
// because a chain of operators can be longer than the stack.

/** The cycles of a directed graph, each as the nodes on it, in the order of `nodes`. */
export function cyclesOf(nodes: readonly string[], links: readonly (readonly [string, string])[]): string[][] {
  const next = new Map<string, string[]>(nodes.map((node) => [node, []]));
  for (const [from, to] of links) next.get(from)!.push(to);
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const cycles: string[][] = [];
  const enter = (node: string) => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    onStack.add(node);
    return { node, at: 0 };
  };
  const leave = (node: string) => {
    if (low.get(node) !== index.get(node)) return;
    const members = new Set(stack.splice(stack.indexOf(node)));
    for (const member of members) onStack.delete(member);
    if (members.size > 1 || next.get(node)!.includes(node)) cycles.push(nodes.filter((each) => members.has(each)));
  };
  for (const root of nodes) {
    if (index.has(root)) continue;
    const frames = [enter(root)];
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      const to = next.get(frame.node)![frame.at++];
      if (to === undefined) {
        leave(frame.node);
        frames.pop();
        const parent = frames.at(-1);
        if (parent) low.set(parent.node, Math.min(low.get(parent.node)!, low.get(frame.node)!));
      } else if (!index.has(to)) {
        frames.push(enter(to));
      } else if (onStack.has(to)) {
        low.set(frame.node, Math.min(low.get(frame.node)!, index.get(to)!));
      }
    }
  }
  return cycles;
}
