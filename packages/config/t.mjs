import {loadConfig} from "./dist/load.js";
const s=performance.now();
try{const c=await loadConfig({path:process.argv[2],env:{...process.env,SAGE_DAEMON_PORT:"1234",SAGE_DEAMON_HOST:"x"},flags:{"ssh.connect_timeout":"3"}});console.log(performance.now()-s);console.dir(c,{depth:6})}catch(e){console.log(e.message, e.code?"":e.stack)}
