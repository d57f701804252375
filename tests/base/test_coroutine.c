// Coroutines with the switch that this machine uses.
#include "coroutine_cases.h"
