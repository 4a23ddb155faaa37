import { listen as forms } from './forms';
import { follow } from './fragments';
import { listen as keys } from './keys';
import { connect } from './live';
import { listen as rows } from './rows';

connect();
follow();
forms();
keys();
rows();
