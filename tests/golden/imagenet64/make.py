"""Made the .gz files of this folder with Python 3 and NumPy 2.4.6: batches as ImageNet 64 x 64 has them, of two images.

In image i, pixel byte p is (7 * p + 100 * i) % 256; the labels are 1 and 1000. protocol2 to protocol5 are written by
pickle.dump; python2 is put together by hand as Python 2's cPickle writes it; evil.pickle would run a command.
"""
import gzip, os, pickle, struct
import numpy as np

data = ((7 * np.arange(12288)[None] + 100 * np.arange(2)[:, None]) % 256).astype('uint8')
batch = {'data': data, 'labels': [1, 1000], 'mean': np.zeros(3)}


def save(name, content):
    with open(name + '.gz', 'wb') as file:
        file.write(gzip.compress(content, mtime=0))


for protocol in (2, 3, 4, 5):
    save(f'protocol{protocol}.pickle', pickle.dumps(batch, protocol=protocol))

save('python2.pickle',
     b'\x80\x02}q\x01(U\x04dataq\x02cnumpy.core.multiarray\n_reconstruct\nq\x03cnumpy\nndarray\nq\x04K\x00\x85U\x01b\x87Rq\x05'
     b'(K\x01K\x02M\x00\x30\x86cnumpy\ndtype\nq\x06U\x02u1K\x00K\x01\x87Rq\x07(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xff'
     b'K\x00tb\x89T' + struct.pack('<i', data.size) + data.tobytes() + b'tbU\x06labelsq\x08]q\x09(K\x01M\xe8\x03eu.')


class Evil:
    def __reduce__(self):
        return os.system, ('touch EVIL_WAS_RUN',)


save('evil.pickle', pickle.dumps({'data': Evil(), 'labels': [1]}, protocol=2))
save('evil4.pickle', pickle.dumps({'data': Evil(), 'labels': [1]}, protocol=4))
