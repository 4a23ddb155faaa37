import { listen } from './keys';
import { connect } from './live';
import { follow } from './refresh';

connect();
follow();
listen();
