/* The module has no signals. */
#pragma once
