import { listen as forms } from './forms';
import { listen as find } from './find';
import { follow } from './fragments';
import { listen as keys } from './keys';
import { connect } from './live';
import { listen as rows } from './rows';

connect();
follow();
forms();
keys();
find();
rows();
