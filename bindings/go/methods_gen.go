// Code generated from crates/silt-interface by `npm run generate`. DO NOT EDIT.

package silt

// A method of the core. What concerns a sandbox takes `home` and `name` as well.
type method string

const (
	// Creates a sandbox and starts it. Answers its info. Takes `executable`, `options`.
	methodCreate method = "create"
	// Starts a sandbox again. Answers its info. Takes `executable`, `options`.
	methodStart method = "start"
	// Connects to a running sandbox. Answers its info.
	methodConnect method = "connect"
	// Lets the connection go.
	methodDisconnect method = "disconnect"
	// Answers the info of a sandbox.
	methodGet method = "get"
	// Answers the infos of all sandboxes.
	methodList method = "list"
	// Stops a sandbox; its log stays.
	methodStop method = "stop"
	// Kills a sandbox; its log stays.
	methodKill method = "kill"
	// Removes a sandbox with its log. Takes `force`.
	methodRemove method = "remove"
	// Starts a command. Answers `sessionId` and `cursor`. Takes `program`, `args`, `stdin`, `options`.
	methodSpawn method = "spawn"
	// Gives the payload to a command's input. Answers `closed`. Takes `sessionId`.
	methodWrite method = "write"
	// Ends a command's input. Takes `sessionId`.
	methodCloseStdin method = "closeStdin"
	// Sends a signal to a command's process group. Takes `sessionId`, `signal`.
	methodSignal method = "signal"
	// Sets the size of a command's terminal. Takes `sessionId`, `columns`, `rows`.
	methodResize method = "resize"
	// Answers a command's end once it has ended, also from the record of a stopped sandbox. Takes `sessionId`, `lastByte`.
	methodWait method = "wait"
	// Makes a port inside reachable. Answers the host's `port`. Takes `port`.
	methodExpose method = "expose"
	// Answers a file as payload. Takes `path`.
	methodReadFile method = "readFile"
	// Writes the payload to a file. Takes `path`.
	methodWriteFile method = "writeFile"
	// Answers what a folder holds. Takes `path`.
	methodListFiles method = "listFiles"
	// Removes a file or folder. Takes `path`.
	methodRemoveFile method = "removeFile"
	// Looks whether a folder holds logs. Takes `folder`.
	methodOpenLog method = "openLog"
	// Checks all that is held. Answers the report. Takes `folder`.
	methodVerifyLog method = "verifyLog"
)
