// A job whose operator throws, with a message that would be markup in a careless page.
import { environment } from "@sage/pipeline";

const env = environment("fails");
env
  .fromIterable([1, 2, 3, 4], { name: "numbers" })
  .map((n) => {
    console.log(`<script>document.title = "owned"</script> \u001b[31mred\u001b[0m line ${n}`);
    return n;
  }, { name: "tell" })
  .map((n) => {
    if (n === 3) throw new Error("<img src=x onerror=alert(1)> is no number");
    return n;
  }, { name: "check <b>bold</b>" })
  .print();
await env.submit({ autostop: true });
