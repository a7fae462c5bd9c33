// SPDX-License-Identifier: MIT
// stdlib/termios/termios.c: the modes of terminals.
#include <errno.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <linux/serial.h>

#include "runtime/buffer.h"
#include "runtime/call.h"
#include "runtime/error.h"
#include "runtime/gil.h"
#include "runtime/heap.h"
#include "runtime/types/bytes.h"
#include "runtime/types/int.h"
#include "runtime/types/list.h"
#include "runtime/types/module.h"
#include "runtime/types/str.h"
#include "runtime/types/tuple.h"
#include "runtime/types/exception.h"
#include "stdlib/descriptor.h"
#include "stdlib/module_slots.h"

static Value raise_termios(Thread *t, int code)
{
    if (code == EINTR && !signals_poll(t)) return ERROR;
    char buffer[128];
    OWN Value text = str_from_text(t, strerror_r(code, buffer, sizeof buffer));
    Value exception = is_error(text) ? ERROR : call2(t, t->interp->module_slots[SLOT_TERMIOS_ERROR], small_int(code), text);
    return is_error(exception) ? ERROR : raise_exception(t, exception);
}
#define TERMINAL_CALL(call_it) \
    do { \
        int failed_; \
        BLOCKING(t, GIL_FILE, failed_ = (call_it) < 0 ? errno : 0); \
        if (failed_) return raise_termios(t, failed_); \
    } while (0)

static Value control_characters(Thread *t, const struct termios *mode)
{
    OWN Value list = list_new(t, NCCS);
    for (size_t i = 0; i < NCCS && !is_error(list); i++) {
        bool number = !(mode->c_lflag & ICANON) && (i == VMIN || i == VTIME);
        if (!list_append_owned(t, list, number ? small_int(mode->c_cc[i]) : bytes_from(t, (const char *)&mode->c_cc[i], 1))) return ERROR;
    }
    return MOVE(list);
}
static Value termios_tcgetattr(Thread *t, Value self, const Value *args)
{
    int fd;
    struct termios mode;
    if (!descriptor_from(t, args[0], &fd)) return ERROR;
    TERMINAL_CALL(tcgetattr(fd, &mode));
    OWN Value characters = control_characters(t, &mode);
    if (is_error(characters)) return ERROR;
    Value items[] = {small_int(mode.c_iflag), small_int(mode.c_oflag), small_int(mode.c_cflag), small_int(mode.c_lflag), small_int(cfgetispeed(&mode)),
                     small_int(cfgetospeed(&mode)), characters};
    return list_from_values(t, items, COUNT_OF(items));
}
static bool set_characters(Thread *t, Value list, struct termios *mode)
{
    if (!is_list(list) || as_list(list)->length != NCCS) return error_false(raise_type_error(t, "tcsetattr: attributes[6] must be %d element list", NCCS));
    OWN Value items = list_to_tuple(t, list);           // of its own: __index__ may change the list
    if (is_error(items)) return false;
    for (size_t i = 0; i < NCCS; i++) {
        Value v = as_tuple(items)->items[i];
        if (is_bytes(v) && bytes_length(v) == 1) mode->c_cc[i] = (cc_t)bytes_data(v)[0];
        else if (is_int(v)) mode->c_cc[i] = (cc_t)int_low_bits(v);
        else return error_false(raise_type_error(t, "tcsetattr: elements of attributes must be characters or integers"));
    }
    return true;
}
static Value termios_tcsetattr(Thread *t, Value self, const Value *args)
{
    int fd, when;
    struct termios mode;
    int64_t numbers[6];
    if (!descriptor_from(t, args[0], &fd) || !int_as_int(t, args[1], &when)) return ERROR;
    if (!is_list(args[2]) || as_list(args[2])->length != 7) return raise_type_error(t, "tcsetattr, arg 3: must be 7 element list");
    OWN Value items = list_to_tuple(t, args[2]);
    if (is_error(items)) return ERROR;
    for (size_t i = 0; i < 6; i++)
        if (!int_as_i64(t, as_tuple(items)->items[i], &numbers[i])) return ERROR;
    TERMINAL_CALL(tcgetattr(fd, &mode));
    mode.c_iflag = (tcflag_t)numbers[0];
    mode.c_oflag = (tcflag_t)numbers[1];
    mode.c_cflag = (tcflag_t)numbers[2];
    mode.c_lflag = (tcflag_t)numbers[3];
    if (!set_characters(t, as_tuple(items)->items[6], &mode)) return ERROR;
    if (cfsetispeed(&mode, (speed_t)numbers[4]) < 0 || cfsetospeed(&mode, (speed_t)numbers[5]) < 0) return raise_termios(t, errno);
    TERMINAL_CALL(tcsetattr(fd, when, &mode));
    return NONE;
}
#define WITH_NUMBER(name) \
    static Value termios_##name(Thread *t, Value self, const Value *args) \
    { \
        int fd, number; \
        if (!descriptor_from(t, args[0], &fd) || !int_as_int(t, args[1], &number)) return ERROR; \
        TERMINAL_CALL(name(fd, number)); \
        return NONE; \
    }
WITH_NUMBER(tcsendbreak)
WITH_NUMBER(tcflush)
WITH_NUMBER(tcflow)
static Value termios_tcdrain(Thread *t, Value self, const Value *args)
{
    int fd;
    if (!descriptor_from(t, args[0], &fd)) return ERROR;
    TERMINAL_CALL(tcdrain(fd));
    return NONE;
}
static Value termios_tcgetwinsize(Thread *t, Value self, const Value *args)
{
    int fd;
    struct winsize size;
    if (!descriptor_from(t, args[0], &fd)) return ERROR;
    TERMINAL_CALL(ioctl(fd, TIOCGWINSZ, &size));
    return tuple_of(t, 2, small_int(size.ws_row), small_int(size.ws_col));
}
static Value termios_tcsetwinsize(Thread *t, Value self, const Value *args)
{
    int fd;
    struct winsize size;
    int64_t numbers[2];
    if (!descriptor_from(t, args[0], &fd)) return ERROR;
    bool sequence = is_tuple(args[1]) || is_list(args[1]) || has_type_flag(args[1], TYPE_PATTERN_SEQUENCE) || type_of(args[1])->slots.get_item;
    OWN Value items = sequence ? tuple_from_iterable(t, args[1]) : UNBOUND;
    if (is_error(items)) return ERROR;
    if (!sequence || as_tuple(items)->length != 2) return raise_type_error(t, "tcsetwinsize, arg 2: must be a two-item sequence");
    for (size_t i = 0; i < 2; i++) {
        if (!int_as_i64(t, as_tuple(items)->items[i], &numbers[i])) return ERROR;
        if (numbers[i] < 0 || numbers[i] > UINT16_MAX) return raise_error(t, &exc_OverflowError, "winsize value(s) out of range.");
    }
    TERMINAL_CALL(ioctl(fd, TIOCGWINSZ, &size));
    size.ws_row = (unsigned short)numbers[0];
    size.ws_col = (unsigned short)numbers[1];
    TERMINAL_CALL(ioctl(fd, TIOCSWINSZ, &size));
    return NONE;
}
static const Method functions[] = {
    {"tcgetattr", termios_tcgetattr, "(fd, /)", "The modes of a terminal: [iflag, oflag, cflag, lflag, ispeed, ospeed, cc]."},
    {"tcsetattr", termios_tcsetattr, "(fd, when, attributes, /)", "Set the modes of a terminal."},
    {"tcsendbreak", termios_tcsendbreak, "(fd, duration, /)", "Send a break."},
    {"tcdrain", termios_tcdrain, "(fd, /)", "Wait until all output has been sent."},
    {"tcflush", termios_tcflush, "(fd, queue, /)", "Discard data not yet read or sent."},
    {"tcflow", termios_tcflow, "(fd, action, /)", "Suspend or resume input or output."},
    {"tcgetwinsize", termios_tcgetwinsize, "(fd, /)", "The size of a terminal: (rows, columns)."},
    {"tcsetwinsize", termios_tcsetwinsize, "(fd, winsize, /)", "Set the size of a terminal to (rows, columns)."},
    {0},
};
static const NamedInt constants[] = {
    NAMED_INT(B0), NAMED_INT(B1000000), NAMED_INT(B110), NAMED_INT(B115200), NAMED_INT(B1152000), NAMED_INT(B1200), NAMED_INT(B134), NAMED_INT(B150),
    NAMED_INT(B1500000), NAMED_INT(B1800), NAMED_INT(B19200), NAMED_INT(B200), NAMED_INT(B2000000), NAMED_INT(B230400), NAMED_INT(B2400),
    NAMED_INT(B2500000), NAMED_INT(B300), NAMED_INT(B3000000), NAMED_INT(B3500000), NAMED_INT(B38400), NAMED_INT(B4000000), NAMED_INT(B460800),
    NAMED_INT(B4800), NAMED_INT(B50), NAMED_INT(B500000), NAMED_INT(B57600), NAMED_INT(B576000), NAMED_INT(B600), NAMED_INT(B75), NAMED_INT(B921600),
    NAMED_INT(B9600), NAMED_INT(BRKINT), NAMED_INT(BS0), NAMED_INT(BS1), NAMED_INT(BSDLY), NAMED_INT(CBAUD), NAMED_INT(CBAUDEX), NAMED_INT(CDSUSP),
    NAMED_INT(CEOF), NAMED_INT(CEOL), NAMED_INT(CEOT), NAMED_INT(CERASE), NAMED_INT(CFLUSH), NAMED_INT(CIBAUD), NAMED_INT(CINTR), NAMED_INT(CKILL),
    NAMED_INT(CLNEXT), NAMED_INT(CLOCAL), NAMED_INT(CQUIT), NAMED_INT(CR0), NAMED_INT(CR1), NAMED_INT(CR2), NAMED_INT(CR3), NAMED_INT(CRDLY),
    NAMED_INT(CREAD), NAMED_INT(CRPRNT), NAMED_INT(CRTSCTS), NAMED_INT(CS5), NAMED_INT(CS6), NAMED_INT(CS7), NAMED_INT(CS8), NAMED_INT(CSIZE),
    NAMED_INT(CSTART), NAMED_INT(CSTOP), NAMED_INT(CSTOPB), NAMED_INT(CSUSP), NAMED_INT(CWERASE), NAMED_INT(ECHO), NAMED_INT(ECHOCTL),
    NAMED_INT(ECHOE), NAMED_INT(ECHOK), NAMED_INT(ECHOKE), NAMED_INT(ECHONL), NAMED_INT(ECHOPRT), NAMED_INT(EXTA), NAMED_INT(EXTB), NAMED_INT(FF0),
    NAMED_INT(FF1), NAMED_INT(FFDLY), NAMED_INT(FIOASYNC), NAMED_INT(FIOCLEX), NAMED_INT(FIONBIO), NAMED_INT(FIONCLEX), NAMED_INT(FIONREAD),
    NAMED_INT(FLUSHO), NAMED_INT(HUPCL), NAMED_INT(ICANON), NAMED_INT(ICRNL), NAMED_INT(IEXTEN), NAMED_INT(IGNBRK), NAMED_INT(IGNCR),
    NAMED_INT(IGNPAR), NAMED_INT(IMAXBEL), NAMED_INT(INLCR), NAMED_INT(INPCK), NAMED_INT(IOCSIZE_MASK), NAMED_INT(IOCSIZE_SHIFT), NAMED_INT(ISIG),
    NAMED_INT(ISTRIP), NAMED_INT(IUCLC), NAMED_INT(IXANY), NAMED_INT(IXOFF), NAMED_INT(IXON), NAMED_INT(NCC), NAMED_INT(NCCS), NAMED_INT(NL0),
    NAMED_INT(NL1), NAMED_INT(NLDLY), NAMED_INT(NOFLSH), NAMED_INT(N_MOUSE), NAMED_INT(N_PPP), NAMED_INT(N_SLIP), NAMED_INT(N_STRIP),
    NAMED_INT(N_TTY), NAMED_INT(OCRNL), NAMED_INT(OFDEL), NAMED_INT(OFILL), NAMED_INT(OLCUC), NAMED_INT(ONLCR), NAMED_INT(ONLRET), NAMED_INT(ONOCR),
    NAMED_INT(OPOST), NAMED_INT(PARENB), NAMED_INT(PARMRK), NAMED_INT(PARODD), NAMED_INT(PENDIN), NAMED_INT(TAB0), NAMED_INT(TAB1), NAMED_INT(TAB2),
    NAMED_INT(TAB3), NAMED_INT(TABDLY), NAMED_INT(TCFLSH), NAMED_INT(TCGETA), NAMED_INT(TCGETS), NAMED_INT(TCIFLUSH), NAMED_INT(TCIOFF),
    NAMED_INT(TCIOFLUSH), NAMED_INT(TCION), NAMED_INT(TCOFLUSH), NAMED_INT(TCOOFF), NAMED_INT(TCOON), NAMED_INT(TCSADRAIN), NAMED_INT(TCSAFLUSH),
    NAMED_INT(TCSANOW), NAMED_INT(TCSBRK), NAMED_INT(TCSBRKP), NAMED_INT(TCSETA), NAMED_INT(TCSETAF), NAMED_INT(TCSETAW), NAMED_INT(TCSETS),
    NAMED_INT(TCSETSF), NAMED_INT(TCSETSW), NAMED_INT(TCXONC), NAMED_INT(TIOCCONS), NAMED_INT(TIOCEXCL), NAMED_INT(TIOCGETD), NAMED_INT(TIOCGICOUNT),
    NAMED_INT(TIOCGLCKTRMIOS), NAMED_INT(TIOCGPGRP), NAMED_INT(TIOCGSERIAL), NAMED_INT(TIOCGSOFTCAR), NAMED_INT(TIOCGWINSZ), NAMED_INT(TIOCINQ),
    NAMED_INT(TIOCLINUX), NAMED_INT(TIOCMBIC), NAMED_INT(TIOCMBIS), NAMED_INT(TIOCMGET), NAMED_INT(TIOCMIWAIT), NAMED_INT(TIOCMSET),
    NAMED_INT(TIOCM_CAR), NAMED_INT(TIOCM_CD), NAMED_INT(TIOCM_CTS), NAMED_INT(TIOCM_DSR), NAMED_INT(TIOCM_DTR), NAMED_INT(TIOCM_LE),
    NAMED_INT(TIOCM_RI), NAMED_INT(TIOCM_RNG), NAMED_INT(TIOCM_RTS), NAMED_INT(TIOCM_SR), NAMED_INT(TIOCM_ST), NAMED_INT(TIOCNOTTY),
    NAMED_INT(TIOCNXCL), NAMED_INT(TIOCOUTQ), NAMED_INT(TIOCPKT), NAMED_INT(TIOCPKT_DATA), NAMED_INT(TIOCPKT_DOSTOP), NAMED_INT(TIOCPKT_FLUSHREAD),
    NAMED_INT(TIOCPKT_FLUSHWRITE), NAMED_INT(TIOCPKT_NOSTOP), NAMED_INT(TIOCPKT_START), NAMED_INT(TIOCPKT_STOP), NAMED_INT(TIOCSCTTY),
    NAMED_INT(TIOCSERCONFIG), NAMED_INT(TIOCSERGETLSR), NAMED_INT(TIOCSERGETMULTI), NAMED_INT(TIOCSERGSTRUCT), NAMED_INT(TIOCSERGWILD),
    NAMED_INT(TIOCSERSETMULTI), NAMED_INT(TIOCSERSWILD), NAMED_INT(TIOCSER_TEMT), NAMED_INT(TIOCSETD), NAMED_INT(TIOCSLCKTRMIOS),
    NAMED_INT(TIOCSPGRP), NAMED_INT(TIOCSSERIAL), NAMED_INT(TIOCSSOFTCAR), NAMED_INT(TIOCSTI), NAMED_INT(TIOCSWINSZ), NAMED_INT(TOSTOP),
    NAMED_INT(VDISCARD), NAMED_INT(VEOF), NAMED_INT(VEOL), NAMED_INT(VEOL2), NAMED_INT(VERASE), NAMED_INT(VINTR), NAMED_INT(VKILL), NAMED_INT(VLNEXT),
    NAMED_INT(VMIN), NAMED_INT(VQUIT), NAMED_INT(VREPRINT), NAMED_INT(VSTART), NAMED_INT(VSTOP), NAMED_INT(VSUSP), NAMED_INT(VSWTC), NAMED_INT(VT0),
    NAMED_INT(VT1), NAMED_INT(VTDLY), NAMED_INT(VTIME), NAMED_INT(VWERASE), NAMED_INT(XCASE), NAMED_INT(XTABS),
    {"VSWTCH", VSWTC},
};
static bool start(Thread *t, Value module)
{
    Value class = exception_class_new(t, "termios", "error", type_value(&exc_Exception), NULL);
    if (is_error(class)) return false;
    assign(&t->interp->module_slots[SLOT_TERMIOS_ERROR], retain(class));
    return module_add(t, module, "error", class) && module_add_ints(t, module, constants, COUNT_OF(constants));
}
extern const ModuleSpec termios_spec;
const ModuleSpec termios_spec = {.name = "termios", .doc = "The modes of terminals.", .functions = functions, .start = start};
