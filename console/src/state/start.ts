import { listen } from './keys';
import { connect } from './live';
import { follow } from './refresh';
import { tick } from './store';

connect();
follow();
listen();
setInterval(tick, 15_000);
